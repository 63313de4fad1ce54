using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources;

/// <summary>The four resource types of the routing path.</summary>
internal static class ResourceKinds
{
    public static ResourceKind<ListenerConfig> Listener { get; } =
        new("type.googleapis.com/envoy.config.listener.v3.Listener", "LDS", FullState: true, _ => throw new NotImplementedException());

    public static ResourceKind<RouteConfig> Route { get; } =
        new("type.googleapis.com/envoy.config.route.v3.RouteConfiguration", "RDS", FullState: false, _ => throw new NotImplementedException());

    public static ResourceKind<ClusterConfig> Cluster { get; } =
        new("type.googleapis.com/envoy.config.cluster.v3.Cluster", "CDS", FullState: true, _ => throw new NotImplementedException());

    public static ResourceKind<EndpointsConfig> Endpoints { get; } =
        new("type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment", "EDS", FullState: false, _ => throw new NotImplementedException());
}
