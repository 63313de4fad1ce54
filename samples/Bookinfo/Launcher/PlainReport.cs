using System.Globalization;

namespace Bookinfo.Launcher;

/// <summary>Who served the last visits, one line a second, for output that is no terminal.</summary>
internal static class PlainReport
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(RecentVisits recent, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(s_interval, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                if (recent.Read() is { Total: > 0 } seen)
                {
                    Console.WriteLine(Line(seen.Visits, seen.Total));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private static string Line(Visit[] visits, long total)
    {
        var failures = visits.Where(v => !v.Succeeded).ToArray();
        var callers = string.Join(", ", visits.Where(v => v.Succeeded).Select(v => v.CalledBy).Distinct());
        var line = string.Create(
            CultureInfo.InvariantCulture, $"{total} visits; last {visits.Length}: {Shares.Of(visits)}, called by {callers}; {failures.Length} failed");
        return failures.Length == 0 ? line : $"{line}: {failures[^1].Error}";
    }
}
