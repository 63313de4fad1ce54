using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Server.Tests.Fixture;

/// <summary>One mutual TLS connection that speaks HTTP/1.1 and never another one instead.</summary>
internal sealed class SecureConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SslStream _stream;

    private SecureConnection(SslStream stream) => _stream = stream;

    public SslStream Stream => _stream;

    /// <param name="app">To connect to.</param>
    /// <param name="identity">To show.</param>
    /// <param name="trust">Of the server, where it is not of the identity's authority.</param>
    /// <param name="alpn">To offer.</param>
    /// <param name="parameters">Of TLS.</param>
    public static async Task<SecureConnection> OpenAsync(
        MeshApp app, IdentityState identity, TrustBundle? trust = null, string[]? alpn = null, TlsParametersConfig? parameters = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(app.EndPoint, patience.Token);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            var config = new UpstreamTlsConfig("default", "default", [], "", []) { Parameters = parameters };
            await stream.AuthenticateAsClientAsync(
                MeshTls.ForClient(identity with { Bundle = trust ?? identity.Bundle }, config, [.. (alpn ?? ["http/1.1"]).Select(a => new SslApplicationProtocol(a))], TimeProvider.System),
                patience.Token);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }

        return new SecureConnection(stream);
    }

    public async Task<string> AskAsync(string path = "/whoami")
    {
        await WriteAsync($"GET {path} HTTP/1.1\r\nHost: reviews\r\n\r\n");
        return await ReadUntilAsync("\r\n0\r\n\r\n");
    }

    public async Task WriteAsync(string text) => await _stream.WriteAsync(Encoding.ASCII.GetBytes(text));

    public async Task<string> ReadUntilAsync(string text)
    {
        var read = "";
        while (!read.Contains(text, StringComparison.Ordinal))
        {
            var more = await ReadAsync();
            Assert.NotEqual("", more);
            read += more;
        }

        return read;
    }

    /// <summary>Waits for the server's end of it.</summary>
    public async Task EndedAsync()
    {
        while (await ReadAsync() is { Length: > 0 })
        {
        }
    }

    public void Dispose() => _stream.Dispose();

    private async Task<string> ReadAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var buffer = new byte[4096];
        try
        {
            return Encoding.Latin1.GetString(buffer, 0, await _stream.ReadAsync(buffer, patience.Token));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
