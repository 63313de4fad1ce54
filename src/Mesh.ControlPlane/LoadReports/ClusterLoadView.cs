namespace ProxylessMesh.ControlPlane.LoadReports;

/// <summary>One cluster, as /debug/loadz tells it.</summary>
/// <param name="Cluster">Its name.</param>
/// <param name="Clients">That are connected and have told of it.</param>
/// <param name="Issued">Requests sent so far, retries included.</param>
/// <param name="Succeeded">Of those that ended.</param>
/// <param name="Failed">Of those that ended.</param>
/// <param name="Dropped">Turned away by circuit breakers so far.</param>
/// <param name="InProgress">By the last reports.</param>
/// <param name="RequestsPerSecond">By the last reports.</param>
/// <param name="Localities">Where to.</param>
/// <param name="Metrics">Means of the numbers that endpoints told.</param>
internal sealed record ClusterLoadView(
    string Cluster,
    int Clients,
    ulong Issued,
    ulong Succeeded,
    ulong Failed,
    ulong Dropped,
    ulong InProgress,
    double RequestsPerSecond,
    LocalityLoadView[] Localities,
    Dictionary<string, double> Metrics)
{
    public static ClusterLoadView Of(string name, ClusterTotals totals)
    {
        LocalityLoadView[] localities =
        [
            .. totals.Localities.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => new LocalityLoadView(l.Key, l.Value.Issued, l.Value.Succeeded, l.Value.Failed)),
        ];
        return new ClusterLoadView(
            name,
            totals.Clients,
            localities.Aggregate(0ul, (sum, l) => sum + l.Issued),
            localities.Aggregate(0ul, (sum, l) => sum + l.Succeeded),
            localities.Aggregate(0ul, (sum, l) => sum + l.Failed),
            totals.Dropped,
            totals.InProgress,
            Math.Round(totals.RequestsPerSecond, 2),
            localities,
            totals.Metrics.ToDictionary(m => m.Key, m => m.Value.Mean));
    }
}
