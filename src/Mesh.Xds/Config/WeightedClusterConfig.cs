namespace ProxylessMesh.Xds.Config;

/// <summary>A share of a route's requests.</summary>
internal readonly record struct WeightedClusterConfig(string Cluster, uint Weight);
