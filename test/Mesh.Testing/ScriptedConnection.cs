using System.Net.Sockets;
using System.Text;

namespace ProxylessMesh.Testing;

/// <summary>The server's end of a connection of a <see cref="ScriptedServer"/>.</summary>
public sealed class ScriptedConnection(Socket socket, CancellationToken stopping) : IDisposable
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    /// <summary>Cancelled when the server is disposed of.</summary>
    public CancellationToken Stopping => stopping;

    /// <summary>The head of an HTTP/1.1 request up to its empty line; empty when the client has closed.</summary>
    public async Task<string> ReadHeadAsync()
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await _stream.ReadAsync(one, stopping) == 0)
            {
                return "";
            }

            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    /// <summary>So many bytes.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes, stopping);
        return bytes;
    }

    /// <summary>Reads until the client closes.</summary>
    public Task ReadToEndAsync() => _stream.CopyToAsync(Stream.Null, stopping);

    /// <summary>Latin-1.</summary>
    public Task WriteAsync(string text) => WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>As they are.</summary>
    public Task WriteAsync(byte[] bytes) => _stream.WriteAsync(bytes, stopping).AsTask();

    /// <summary>Never answers.</summary>
    public Task HangAsync() => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping);

    /// <summary>
    /// Sends nothing more and takes what still comes. Closing at once would reset the connection while anything lies unread, and a
    /// client that notices the reset before it has read the last words never reads them.
    /// </summary>
    public Task FinishAsync()
    {
        socket.Shutdown(SocketShutdown.Send);
        return ReadToEndAsync();
    }

    /// <summary>A TCP reset instead of an orderly end.</summary>
    public void Reset() => socket.Close(0);

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
