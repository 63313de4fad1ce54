using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ProxylessMesh.Server.Tests.Authorization;

/// <summary>Sends raw requests in batches over connections that are kept, and reads what comes back, one answer each.</summary>
internal static class PipelinedClient
{
    private const int Batch = 128;

    /// <summary>For each request its answer: the head, without body. A server that closes the connection has answered the last one read.</summary>
    public static async Task<List<string>> AskAsync(IPEndPoint server, IReadOnlyList<string> requests)
    {
        var answers = new List<string>(requests.Count);
        while (answers.Count < requests.Count)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(server);
            var before = answers.Count;
            await ServeAsync(socket, requests, answers);
            Assert.True(answers.Count > before, $"no answer to {requests[before]}");
        }

        return answers;
    }

    private static async Task ServeAsync(Socket socket, IReadOnlyList<string> requests, List<string> answers)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        var received = new ArrayBufferWriter<byte>(64 * 1024);
        var read = 0;
        while (answers.Count < requests.Count)
        {
            var end = Math.Min(answers.Count + Batch, requests.Count);
            var bytes = Encoding.Latin1.GetBytes(string.Concat(requests.Skip(answers.Count).Take(end - answers.Count)));
            try
            {
                await socket.SendAsync(bytes, patience.Token);
                while (answers.Count < end)
                {
                    if (Next(received.WrittenSpan, ref read) is { } head)
                    {
                        answers.Add(head);
                        continue;
                    }

                    var count = await socket.ReceiveAsync(received.GetMemory(16 * 1024), patience.Token);
                    if (count == 0)
                    {
                        return;
                    }

                    received.Advance(count);
                }
            }
            catch (SocketException)
            {
                // Reset, because it answered and closed while we were still sending.
                return;
            }

            received.ResetWrittenCount();
            read = 0;
        }
    }

    private static string? Next(ReadOnlySpan<byte> received, ref int read)
    {
        var rest = received[read..];
        var end = rest.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return null;
        }

        var head = Encoding.Latin1.GetString(rest[..end]);
        const string Length = "Content-Length: ";
        var at = head.IndexOf(Length, StringComparison.OrdinalIgnoreCase);
        var body = at < 0 ? 0 : int.Parse(head[(at + Length.Length)..].Split('\r')[0], CultureInfo.InvariantCulture);
        if (rest.Length < end + 4 + body)
        {
            return null;
        }

        read += end + 4 + body;
        return head;
    }
}
