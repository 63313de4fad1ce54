using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace ProxylessMesh.Sidecar.Tests.Fixture;

/// <summary>HTTP/1.1 as bytes, for what no client would send.</summary>
internal static partial class RawHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Sends the bytes, and reads until the server ends or resets the connection.</summary>
    public static async Task<string> AskAsync(IPEndPoint server, string request)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server);
        await socket.SendAsync(Encoding.Latin1.GetBytes(request));
        return await ReadToEndAsync(socket);
    }

    public static async Task<string> ReadToEndAsync(Socket socket)
    {
        var text = new StringBuilder();
        for (string more; (more = await ReadAsync(socket)).Length > 0;)
        {
            text.Append(more);
        }

        return text.ToString();
    }

    public static async Task<string> ReadUntilAsync(Socket socket, string end)
    {
        var text = new StringBuilder();
        while (!text.ToString().Contains(end, StringComparison.Ordinal))
        {
            var more = await ReadAsync(socket);
            Assert.True(more.Length > 0, $"the connection ended: {text}");
            text.Append(more);
        }

        return text.ToString();
    }

    /// <summary>A response's text with its chunks put together.</summary>
    public static string Dechunk(string response)
    {
        var end = response.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        if (!response[..end].Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
        {
            return response;
        }

        var body = new StringBuilder(response[..end]);
        for (var at = end; Size().Match(response, at) is { Success: true } size;)
        {
            var length = Convert.ToInt32(size.Groups[1].Value, 16);
            body.Append(response, size.Index + size.Length, length);
            at = size.Index + size.Length + length + 2;
            if (length == 0)
            {
                break;
            }
        }

        return body.ToString();
    }

    /// <summary>Empty at the end, which a reset is too.</summary>
    private static async Task<string> ReadAsync(Socket socket)
    {
        using var patience = new CancellationTokenSource(Patience);
        var buffer = new byte[4096];
        try
        {
            return Encoding.Latin1.GetString(buffer, 0, await socket.ReceiveAsync(buffer, patience.Token));
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return "";
        }
    }

    [GeneratedRegex(@"\G([0-9a-fA-F]+)\r\n")]
    private static partial Regex Size();
}
