using System.Globalization;
using System.Net.Sockets;

namespace Bookinfo.Tour;

/// <summary>A caller that knows nothing of the mesh, as <c>curl</c> would be.</summary>
internal static class PlaintextCaller
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>The status line of the answer, or null: the connection was closed instead.</summary>
    public static async Task<string?> AskAsync(int port, string path, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(s_patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, either.Token);
        try
        {
            await using var stream = client.GetStream();
            await using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\r\n" };
            await writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"GET {path} HTTP/1.1"));
            await writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Host: 127.0.0.1:{port}"));
            await writer.WriteLineAsync("Connection: close");
            await writer.WriteLineAsync();
            await writer.FlushAsync(either.Token);
            using var reader = new StreamReader(stream);
            return await reader.ReadLineAsync(either.Token);
        }
        catch (IOException)
        {
            return null;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return "no answer and not closed either";
        }
    }
}
