using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Translation.Routes;

/// <summary>The parts of a match that select clients and ports, not requests: they are settled here and never sent.</summary>
internal static class ClientMatch
{
    /// <param name="match">Of a route.</param>
    /// <param name="proxy">The client.</param>
    /// <param name="port">That is called.</param>
    /// <param name="gateway">namespace/name of the Gateway at which the request comes in; null: a client in the mesh makes it.</param>
    /// <param name="owner">Namespace of the VirtualService.</param>
    public static bool Applies(HttpMatch match, ProxyView proxy, int port, string? gateway, string owner) =>
        (match.Port is null || match.Port == port)
        && (gateway is null ? VirtualServiceIndex.AppliesInMesh(match.Gateways) : Names(match.Gateways, gateway, owner))
        && (match.SourceNamespace is null || match.SourceNamespace == proxy.Namespace)
        && (match.SourceLabels.Count == 0 || match.SourceLabels.IsSubsetOf(proxy.Labels));

    private static bool Names(EquatableArray<string> gateways, string gateway, string owner) =>
        gateways.Count == 0 || gateways.Any(g => GatewayName.Resolve(g, owner) == gateway);
}
