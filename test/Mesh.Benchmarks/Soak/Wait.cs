namespace ProxylessMesh.Benchmarks.Soak;

/// <summary>Waits for something to become true.</summary>
internal static class Wait
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public static Task UntilAsync(Func<bool> condition, string what, TimeSpan? patience = null) => UntilAsync(() => Task.FromResult(condition()), what, patience);

    /// <exception cref="TimeoutException">It did not.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan? patience = null)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!await IsTrueAsync(condition))
        {
            if (TimeProvider.System.GetElapsedTime(begun) > (patience ?? s_patience))
            {
                throw new TimeoutException($"Waited in vain for {what}.");
            }

            await Task.Delay(s_pause, TimeProvider.System);
        }
    }

    private static async Task<bool> IsTrueAsync(Func<Task<bool>> condition)
    {
        try
        {
            return await condition();
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
