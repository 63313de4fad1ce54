namespace ProxylessMesh.FunctionalTests.Fixture;

/// <summary>Waits for something to become true.</summary>
internal static class Poll
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    /// <exception cref="TimeoutException">It did not, in 30 s.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string> missing)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(begun) > Patience)
            {
                throw new TimeoutException($"Waited {Patience.TotalSeconds} s in vain: {missing()}");
            }

            await Task.Delay(s_pause, TimeProvider.System);
        }
    }

    public static Task UntilAsync(Func<bool> condition, string missing) => UntilAsync(() => Task.FromResult(condition()), () => missing);
}
