using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Routing;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.Faults;

/// <summary>A route whose clusters have faults of their own, split up: the cluster is chosen first, and its faults come then.</summary>
internal sealed class FaultBranches(ClusterSplit split, IReadOnlyDictionary<ClusterState, RouteModel> routes)
{
    public RouteModel Choose(IRandomSource random) => routes[split.Choose(random)];
}
