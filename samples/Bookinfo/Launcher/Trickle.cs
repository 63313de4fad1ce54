namespace Bookinfo.Launcher;

/// <summary>A steady trickle of visits: 50 a second, so that a change of the split shows at once.</summary>
internal static class Trickle
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    public static async Task RunAsync(Visitor visitor, RecentVisits recent, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(s_interval, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                recent.Add(await visitor.VisitAsync(stop));
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }
}
