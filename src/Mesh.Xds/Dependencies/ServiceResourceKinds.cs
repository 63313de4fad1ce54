using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.Xds.Dependencies;

/// <summary>The types that a service is put together from.</summary>
internal sealed record ServiceResourceKinds(
    ResourceKind<ListenerConfig> Listener,
    ResourceKind<RouteConfig> Route,
    ResourceKind<ClusterConfig> Cluster,
    ResourceKind<EndpointsConfig> Endpoints)
{
    public static ServiceResourceKinds Standard { get; } =
        new(ResourceKinds.Listener, ResourceKinds.Route, ResourceKinds.Cluster, ResourceKinds.Endpoints);
}
