using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.FunctionalTests.Tcp;

/// <summary>A client of tcp-echo, with mutual TLS or without.</summary>
internal sealed class TcpCaller : IAsyncDisposable
{
    private readonly Stream _stream;

    private TcpCaller(Stream stream) => _stream = stream;

    /// <param name="port">On this machine.</param>
    /// <param name="identity">To show; null: plaintext.</param>
    public static async Task<TcpCaller> OpenAsync(int port, IdentityState? identity)
    {
        using var patience = new CancellationTokenSource(Poll.Patience);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, patience.Token);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            if (identity is not null)
            {
                var secured = new SslStream(stream);
                stream = secured;
                await secured.AuthenticateAsClientAsync(
                    MeshTls.ForClient(identity, new UpstreamTlsConfig("default", "default", [], "", []), [new SslApplicationProtocol("istio")], TimeProvider.System),
                    patience.Token);
            }
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }

        return new TcpCaller(stream);
    }

    /// <summary>The whole task of one client: what comes back, or nothing when it is refused.</summary>
    public static async Task<string> AskAsync(int port, IdentityState? identity)
    {
        try
        {
            await using var caller = await OpenAsync(port, identity);
            return await caller.AskAsync("port");
        }
        catch (IOException)
        {
            return "";
        }
    }

    public async Task<string> AskAsync(string line)
    {
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\n"));
        return await ReadAsync();
    }

    /// <summary>Up to the end of a line; nothing when the connection ends.</summary>
    public async Task<string> ReadAsync()
    {
        using var patience = new CancellationTokenSource(Poll.Patience);
        var text = "";
        var buffer = new byte[1024];
        try
        {
            while (!text.EndsWith('\n'))
            {
                var count = await _stream.ReadAsync(buffer, patience.Token);
                if (count == 0)
                {
                    return "";
                }

                text += Encoding.ASCII.GetString(buffer, 0, count);
            }
        }
        catch (IOException)
        {
            return "";
        }

        return text.TrimEnd();
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
