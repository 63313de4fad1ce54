using System.Globalization;
using Spectre.Console;

namespace Bookinfo.Launcher;

/// <summary>Who served the last visits, on a terminal: one table that is drawn again and again.</summary>
internal static class LiveTable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250);

    public static async Task RunAsync(RecentVisits recent, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(s_interval, TimeProvider.System);
        await AnsiConsole.Live(Draw(recent)).StartAsync(async live =>
        {
            try
            {
                while (await timer.WaitForNextTickAsync(stop))
                {
                    live.UpdateTarget(Draw(recent));
                }
            }
            catch (OperationCanceledException)
            {
                // Stopped.
            }
        });
    }

    private static Table Draw(RecentVisits recent)
    {
        var (visits, total) = recent.Read();
        var table = new Table().AddColumns("reviews", $"last {visits.Length}", "share", "", "reviews was called by", "ratings was called by");
        foreach (var group in visits.Where(v => v.Succeeded).GroupBy(v => v.Workload).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var share = (double)group.Count() / visits.Length;
            table.AddRow(
                new Text(group.Key),
                new Text(group.Count().ToString(CultureInfo.InvariantCulture)),
                new Text(share.ToString("P0", CultureInfo.InvariantCulture)),
                new Text(new string('█', (int)Math.Round(share * 20))),
                new Text(group.Last().CalledBy),
                new Text(group.Last().RatingsCalledBy ?? "not called"));
        }

        var failures = visits.Where(v => !v.Succeeded).ToArray();
        return table.Caption(Markup.Escape(failures.Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{total} visits, none of the last {visits.Length} failed. Ctrl-C stops everything.")
            : string.Create(CultureInfo.InvariantCulture, $"{total} visits, {failures.Length} of the last {visits.Length} failed: {failures[^1].Error}")));
    }
}
