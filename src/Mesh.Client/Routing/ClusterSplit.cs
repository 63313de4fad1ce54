using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.Routing;

/// <summary>The weighted clusters of a route. One is chosen per call; retries stay in it (Envoy, weighted_clusters).</summary>
internal sealed class ClusterSplit
{
    private readonly ClusterState[] _clusters;
    private readonly double[] _upperBounds;

    public ClusterSplit(EquatableArray<WeightedClusterConfig> weighted, Func<string, ClusterState> find)
    {
        _clusters = new ClusterState[weighted.Count];
        _upperBounds = new double[weighted.Count];
        double total = 0;
        foreach (var share in weighted)
        {
            total += share.Weight;
        }

        double sum = 0;
        for (var i = 0; i < weighted.Count; i++)
        {
            sum += weighted[i].Weight;
            _clusters[i] = find(weighted[i].Cluster);
            _upperBounds[i] = sum / total;
        }
    }

    /// <summary>Whether every request goes to the cluster of this name.</summary>
    public bool IsOnly(string name) => _clusters.Length == 1 && _clusters[0].Name == name;

    public ClusterState Choose(IRandomSource random) => Choose(random, out _);

    /// <summary>The cluster of a session, as long as the route has it (gRFC A60); else one by weight.</summary>
    /// <param name="session">The cluster's name; null: there is no session.</param>
    /// <param name="random">Dice.</param>
    /// <param name="index">Of the chosen cluster in the route's list.</param>
    public ClusterState Choose(string? session, IRandomSource random, out int index)
    {
        index = session is null ? -1 : Array.FindIndex(_clusters, c => c.Name == session);
        return index < 0 ? Choose(random, out index) : _clusters[index];
    }

    /// <param name="random">Dice.</param>
    /// <param name="index">Of the chosen cluster in the route's list.</param>
    public ClusterState Choose(IRandomSource random, out int index)
    {
        index = 0;
        if (_clusters.Length > 1)
        {
            var point = random.NextDouble();
            while (index < _clusters.Length - 1 && point >= _upperBounds[index])
            {
                index++;
            }
        }

        return _clusters[index];
    }
}
