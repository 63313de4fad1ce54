using Envoy.Config.Endpoint.V3;

namespace ProxylessMesh.ControlPlane.LoadReports;

/// <summary>What all clients have told, by cluster. Bounded, since the names are the clients'.</summary>
internal sealed class LoadTable(LoadReportSettings settings)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ClusterTotals> _clusters = new(StringComparer.Ordinal);

    /// <param name="client">The stream.</param>
    /// <param name="known">Clusters that it has told of.</param>
    /// <param name="report">One cluster's.</param>
    public void Add(object client, HashSet<string> known, ClusterStats report)
    {
        lock (_lock)
        {
            if (!_clusters.TryGetValue(report.ClusterName, out var totals))
            {
                if (_clusters.Count >= settings.MaxClusters || report.ClusterName.Length == 0)
                {
                    return;
                }

                totals = new ClusterTotals();
                _clusters.Add(report.ClusterName, totals);
            }

            if (known.Contains(report.ClusterName) || known.Count < settings.MaxClustersOfClient)
            {
                known.Add(report.ClusterName);
                totals.Add(client, report, settings);
            }
        }
    }

    public void Forget(object client, HashSet<string> known)
    {
        lock (_lock)
        {
            foreach (var cluster in known)
            {
                _clusters[cluster].Forget(client);
            }
        }
    }

    public ClusterLoadView[] Read()
    {
        lock (_lock)
        {
            return [.. _clusters.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => ClusterLoadView.Of(c.Key, c.Value))];
        }
    }
}
