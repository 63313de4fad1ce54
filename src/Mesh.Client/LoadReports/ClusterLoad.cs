using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Client.LoadReports;

/// <summary>What is sent to one cluster, locality by locality, for the control plane that asked to be told.</summary>
internal sealed class ClusterLoad(ClusterState cluster, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<LocalityId, LocalityLoad> _localities = [];
    private long _since = time.GetTimestamp();
    private long _dropped = cluster.Breaker.Overflows;

    public string Name => cluster.Name;

    /// <summary>Of a locality; the same one for as long as the cluster is told of.</summary>
    public LocalityLoad Of(LocalityId locality, int priority)
    {
        lock (_lock)
        {
            if (!_localities.TryGetValue(locality, out var load))
            {
                load = new LocalityLoad(locality, priority);
                _localities.Add(locality, load);
            }

            return load;
        }
    }

    /// <summary>Null: there is nothing to tell.</summary>
    public ClusterLoadStats? Take()
    {
        var model = cluster.Model;
        var overflows = cluster.Breaker.Overflows;
        var dropped = overflows - Interlocked.Exchange(ref _dropped, overflows);
        var drops = cluster.Drops?.Take() ?? [];
        dropped += drops.Sum(d => d.Value);
        var localities = new List<LocalityStats>();
        lock (_lock)
        {
            foreach (var load in _localities.Values)
            {
                if (load.Take(model.Known) is { } stats)
                {
                    localities.Add(stats);
                }
            }
        }

        var now = time.GetTimestamp();
        var interval = time.GetElapsedTime(Interlocked.Exchange(ref _since, now), now);
        return localities.Count == 0 && dropped == 0
            ? null
            : new ClusterLoadStats(cluster.Name, model.Config?.EdsServiceName ?? cluster.Name, interval, dropped, localities) { Drops = drops };
    }
}
