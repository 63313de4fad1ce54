using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.Clusters;

/// <summary>
/// Chooses among the clusters of an aggregate as if their priorities were one list (Envoy, "Aggregate cluster"): the first takes
/// what its healthy endpoints can carry, the rest spills to the next. Everything else - policy, breakers, ejections, TLS - is the
/// chosen cluster's own. Chosen once per call: retries stay in it.
/// </summary>
internal sealed class AggregateCluster(ClusterState[] leaves)
{
    public ClusterState Choose(IRandomSource random)
    {
        var first = leaves[0].Model.Availability;
        if (first >= 100)
        {
            return leaves[0];
        }

        var total = 0;
        foreach (var leaf in leaves)
        {
            total += leaf.Model.Availability;
        }

        return total == 0 ? FirstWithEndpoints() : At(random.Next(Math.Min(100, total)));
    }

    private ClusterState At(int point)
    {
        foreach (var leaf in leaves)
        {
            point -= leaf.Model.Availability;
            if (point < 0)
            {
                return leaf;
            }
        }

        // Only when a leaf has lost endpoints since they were added up.
        return FirstWithEndpoints();
    }

    /// <summary>Nothing is healthy: the first that may panic over its endpoints, or can say why there are none.</summary>
    private ClusterState FirstWithEndpoints() => Array.Find(leaves, l => l.FirstAddresses is not null || l.Model.Known.Length > 0) ?? leaves[0];
}
