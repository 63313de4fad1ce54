namespace ProxylessMesh.Xds.Config;

/// <summary>A share of a route's requests.</summary>
internal readonly record struct WeightedClusterConfig(string Cluster, uint Weight)
{
    /// <summary>What the cluster's share of requests asks of filters, by instance name; beats the route's.</summary>
    public EquatableArray<HttpFilterConfig> FilterOverrides { get; init; } = [];
}
