using Google.Protobuf;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation.Clusters;
using ProxylessMesh.ControlPlane.Translation.Endpoints;
using ProxylessMesh.ControlPlane.Translation.Gateways;
using ProxylessMesh.ControlPlane.Translation.Listeners;
using ProxylessMesh.ControlPlane.Translation.Routes;

namespace ProxylessMesh.ControlPlane.Translation;

/// <summary>
/// Pure functions from (model, client, name) to resources; null where the name means nothing in this mesh. Equal inputs give equal
/// bytes, whatever the order of objects and workloads was, so bytes can be compared to see whether a client must be told.
/// </summary>
internal static class ResourceTranslator
{
    /// <summary>The types that can be asked for, in push order: CDS, EDS, LDS, RDS.</summary>
    public static IReadOnlyList<string> TypeUrls { get; } =
        [TypeUrl.Cluster, TypeUrl.Endpoints, TypeUrl.Listener, TypeUrl.Route];

    public static TranslatedResource? Translate(MeshModel model, ProxyView proxy, string typeUrl, string name)
    {
        IMessage? resource = typeUrl switch
        {
            TypeUrl.Route or TypeUrl.Listener when IsOfGateway(proxy, name) =>
                GatewayRoutesBuilder.Build(model, proxy, name) is not { } routes ? null
                : typeUrl == TypeUrl.Route ? routes
                : OutboundListenerBuilder.OfRoutes(name, proxy.Profile),
            TypeUrl.Cluster => ClusterBuilder.Build(model, proxy, name),
            TypeUrl.Endpoints => ClusterLoadAssignmentBuilder.Build(model, proxy, name),
            TypeUrl.Route => RouteConfigurationBuilder.Build(model, proxy, name),
            TypeUrl.Listener when name.StartsWith(InboundListenerBuilder.NamePrefix, StringComparison.Ordinal) =>
                InboundListenerBuilder.Build(model, proxy, name),
            TypeUrl.Listener => OutboundListenerBuilder.Build(model, proxy, name),
            _ => null,
        };
        return resource is null ? null : new TranslatedResource(name, resource.ToByteString());
    }

    /// <summary>Routes of a gateway, and the listener through which it asks for them.</summary>
    public static bool IsOfGateway(ProxyView proxy, string name) => GatewayRouteNames.IsMatch(name) && proxy.IsGateway;

    /// <summary>Every name that a wildcard subscription of this type means; only listeners and clusters can be asked for so.</summary>
    public static IReadOnlyList<string> AllNames(MeshModel model, ProxyView proxy, string typeUrl) => typeUrl switch
    {
        TypeUrl.Listener => ResourceNames.Listeners(model, proxy),
        TypeUrl.Cluster => ResourceNames.Clusters(model, proxy),
        _ => [],
    };
}
