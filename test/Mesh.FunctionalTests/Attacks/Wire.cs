using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.FunctionalTests.Attacks;

/// <summary>A connection that carries whatever bytes the attacker wants, in plaintext or under mutual TLS.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private static readonly UpstreamTlsConfig Mutual = new("default", "default", [], "", []);

    private readonly Stream _stream;

    private Wire(Stream stream) => _stream = stream;

    public Stream Stream => _stream;

    public static async Task<Wire> OpenAsync(IPEndPoint server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server);
        return new Wire(new NetworkStream(socket, ownsSocket: true));
    }

    /// <summary>As a workload with this identity.</summary>
    public static async Task<Wire> OpenAsync(IPEndPoint server, IdentityState identity, SslApplicationProtocol protocol)
    {
        var plaintext = await OpenAsync(server);
        var tls = new SslStream(plaintext._stream);
        await tls.AuthenticateAsClientAsync(MeshTls.ForClient(identity, Mutual, [protocol], TimeProvider.System));
        return new Wire(tls);
    }

    /// <summary>Latin-1.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public Task SendAsync(byte[] bytes) => _stream.WriteAsync(bytes).AsTask();

    /// <summary>Says that no more will come.</summary>
    public async Task EndSendingAsync()
    {
        if (_stream is SslStream tls)
        {
            await tls.ShutdownAsync();
        }
        else
        {
            ((NetworkStream)_stream).Socket.Shutdown(SocketShutdown.Send);
        }
    }

    /// <summary>What comes until the server ends or resets the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var patience = new CancellationTokenSource(Poll.Patience);
        var read = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            for (int count; (count = await _stream.ReadAsync(buffer, patience.Token)) > 0;)
            {
                read.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
        }
        catch (IOException)
        {
            // Reset: the server did not want to read all that was sent.
        }

        return read.ToString();
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
