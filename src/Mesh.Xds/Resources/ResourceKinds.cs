using Envoy.Config.Cluster.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Clusters;
using ProxylessMesh.Xds.Resources.Endpoints;
using ProxylessMesh.Xds.Resources.Listeners;
using ProxylessMesh.Xds.Resources.Routes;
using ProxylessMesh.Xds.Resources.Secrets;

namespace ProxylessMesh.Xds.Resources;

/// <summary>
/// The four resource types of the routing path, and the roots of the mesh. A field that this data plane knows, cannot honour and that would change
/// where requests go, who may send them or what happens to them is an error (or, inside a route's action, a route that
/// answers with one). What only tunes (buffers, pools, statistics) is ignored, and so are unknown fields (gRFC A27).
/// </summary>
internal static class ResourceKinds
{
    public static ResourceKind<ListenerConfig> Listener { get; } = new(
        "type.googleapis.com/envoy.config.listener.v3.Listener",
        "LDS",
        FullState: true,
        static bytes => ResourceDecoder.Decode(
            bytes, Envoy.Config.Listener.V3.Listener.Parser, static m => m.Name, "name", ListenerDecoder.Decode));

    public static ResourceKind<RouteConfig> Route { get; } = new(
        "type.googleapis.com/envoy.config.route.v3.RouteConfiguration",
        "RDS",
        FullState: false,
        static bytes => ResourceDecoder.Decode(
            bytes, RouteConfiguration.Parser, static m => m.Name, "name", RouteConfigDecoder.Decode));

    public static ResourceKind<ClusterConfig> Cluster { get; } = new(
        "type.googleapis.com/envoy.config.cluster.v3.Cluster",
        "CDS",
        FullState: true,
        static bytes => ResourceDecoder.Decode(
            bytes, Envoy.Config.Cluster.V3.Cluster.Parser, static m => m.Name, "name", ClusterDecoder.Decode));

    public static ResourceKind<EndpointsConfig> Endpoints { get; } = new(
        "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment",
        "EDS",
        FullState: false,
        static bytes => ResourceDecoder.Decode(
            bytes, ClusterLoadAssignment.Parser, static m => m.ClusterName, "cluster_name", EndpointsDecoder.DecodeEds))
    {
        DecodeUpdate = EndpointsUpdate.Decode,
    };

    public static ResourceKind<TrustAnchorsConfig> Secret { get; } = new(
        "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret",
        "SDS",
        FullState: false,
        static bytes => ResourceDecoder.Decode(
            bytes, Envoy.Extensions.TransportSockets.Tls.V3.Secret.Parser, static m => m.Name, "name", SecretDecoder.Decode));
}
