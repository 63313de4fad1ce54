using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>Where a route forwards to: clusters, or what of the choice we cannot do, or (both null) an error that was reported.</summary>
internal readonly record struct ClusterDecoding(EquatableArray<WeightedClusterConfig>? Clusters, string? Unsupported);
