namespace Bookinfo.Launcher;

/// <summary>Waits for a condition rather than for time.</summary>
internal static class Poll
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks again and again until the answer is yes (true) or the deadline has passed (false).</summary>
    public static async Task<bool> UntilAsync(Func<CancellationToken, Task<bool>> condition, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        while (!await condition(cancellationToken))
        {
            if (time.GetElapsedTime(start) > deadline)
            {
                return false;
            }

            await Task.Delay(s_pause, time, cancellationToken);
        }

        return true;
    }
}
