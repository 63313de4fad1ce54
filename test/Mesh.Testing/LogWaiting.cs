namespace ProxylessMesh.Testing;

/// <summary>Waits for a line that is written after its cause has gone on.</summary>
public static class LogWaiting
{
    /// <summary>The text of the first event with that id.</summary>
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
