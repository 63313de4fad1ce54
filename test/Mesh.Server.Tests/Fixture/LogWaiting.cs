using ProxylessMesh.Testing;

namespace ProxylessMesh.Server.Tests.Fixture;

/// <summary>Waits for a line that a server writes after its client has gone on.</summary>
internal static class LogWaiting
{
    public static async Task<string> WaitForAsync(this CollectedLogs logs, int eventId)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            foreach (var entry in logs.Entries)
            {
                if (entry.Id.Id == eventId && entry.Category.StartsWith("ProxylessMesh.", StringComparison.Ordinal))
                {
                    return entry.Text;
                }
            }

            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
