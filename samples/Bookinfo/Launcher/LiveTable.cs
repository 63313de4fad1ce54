using System.Globalization;
using ProxylessMesh.Xds.Identity;
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
        var table = new Table().AddColumns("served by", $"last {visits.Length}", "share", "", "called by (its certificate)");
        foreach (var group in visits.Where(v => v.Succeeded).GroupBy(v => v.Workload).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var share = (double)group.Count() / visits.Length;
            table.AddRow(
                new Text(group.Key),
                new Text(group.Count().ToString(CultureInfo.InvariantCulture)),
                new Text(share.ToString("P0", CultureInfo.InvariantCulture)),
                new Text(new string('█', (int)Math.Round(share * 10)).PadRight(10)),
                new Text(ShortName(group.Last().CalledBy)));
        }

        var failures = visits.Where(v => !v.Succeeded).ToArray();
        return table.Caption(Markup.Escape(failures.Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{total} visits, none of the last {visits.Length} failed. Ctrl-C stops everything.")
            : string.Create(CultureInfo.InvariantCulture, $"{total} visits, {failures.Length} of the last {visits.Length} failed: {failures[^1].Error}")));
    }

    /// <summary>Namespace and service account say it all in one line of an 80-column terminal.</summary>
    private static string ShortName(string identity) =>
        SpiffeId.TryParse(identity, out var id) && id.ServiceAccount is not null ? $"{id.Namespace}/{id.ServiceAccount}" : identity;
}
