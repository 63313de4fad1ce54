using System.Net.Sockets;
using System.Text;

namespace ProxylessMesh.Server.Tests.Fixture;

/// <summary>A TCP connection that sends whatever bytes the test wants.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<RawConnection> OpenAsync(MeshApp app)
    {
        var connection = new RawConnection();
        await connection._socket.ConnectAsync(app.EndPoint);
        return connection;
    }

    public async Task SendAsync(byte[] bytes) => await _socket.SendAsync(bytes);

    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    public async Task<string> ReadUntilAsync(string text)
    {
        var read = new StringBuilder();
        while (!read.ToString().Contains(text, StringComparison.Ordinal))
        {
            var more = await ReadAsync();
            Assert.NotEqual("", more);
            read.Append(more);
        }

        return read.ToString();
    }

    /// <summary>What comes until the server ends or resets the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var read = new StringBuilder();
        for (string more; (more = await ReadAsync()).Length > 0;)
        {
            read.Append(more);
        }

        return read.ToString();
    }

    public void Dispose() => _socket.Dispose();

    private async Task<string> ReadAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var buffer = new byte[4096];
        try
        {
            return Encoding.Latin1.GetString(buffer, 0, await _socket.ReceiveAsync(buffer, patience.Token));
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return "";
        }
    }
}
