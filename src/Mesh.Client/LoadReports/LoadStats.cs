using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Client.LoadReports;

/// <summary>The clusters whose load is told to the control plane.</summary>
internal sealed class LoadStats(TimeProvider time) : ILoadStatsSource
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ClusterState, ClusterLoad> _clusters = [];
    private readonly List<ClusterLoad> _closed = [];

    /// <summary>Told whether there are any, whenever that may have changed.</summary>
    public Action<bool>? Changed { get; set; }

    public ClusterLoad Open(ClusterState cluster)
    {
        ClusterLoad load;
        lock (_lock)
        {
            if (_clusters.TryGetValue(cluster, out var known))
            {
                return known;
            }

            load = new ClusterLoad(cluster, time);
            _clusters.Add(cluster, load);
        }

        Changed?.Invoke(true);
        return load;
    }

    /// <summary>What has not been told of it is told once more.</summary>
    public void Close(ClusterState cluster)
    {
        bool any;
        lock (_lock)
        {
            if (!_clusters.Remove(cluster, out var load))
            {
                return;
            }

            _closed.Add(load);
            any = _clusters.Count > 0;
            if (!any)
            {
                // Nobody is left who asks.
                _closed.Clear();
            }
        }

        Changed?.Invoke(any);
    }

    public IReadOnlyList<ClusterLoadStats> Take(Func<string, bool> isWanted)
    {
        ClusterLoad[] loads;
        lock (_lock)
        {
            loads = [.. _clusters.Values, .. _closed];
            _closed.Clear();
        }

        var stats = new List<ClusterLoadStats>();
        foreach (var load in loads)
        {
            if (isWanted(load.Name) && load.Take() is { } told)
            {
                stats.Add(told);
            }
        }

        return stats;
    }
}
