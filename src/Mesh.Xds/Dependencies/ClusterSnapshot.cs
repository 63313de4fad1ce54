using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Dependencies;

/// <summary>A cluster with its endpoints, or why it has none. An error stays local to its cluster.</summary>
internal sealed record ClusterSnapshot(string Name, ClusterConfig? Config, EndpointsConfig? Endpoints, string? Error)
{
    /// <summary>Of an aggregate: the clusters with endpoints that it stands for, the first to be used first. The service's snapshot holds them.</summary>
    public EquatableArray<string> Leaves { get; init; } = [];
}
