using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation.Authorization;

namespace ProxylessMesh.ControlPlane.Translation.Listeners;

/// <summary>The HTTP filters of a workload's inbound chains, in the order in which they run (Istio's); the router follows.</summary>
internal static class InboundFilters
{
    public static IEnumerable<HttpFilter> Build(MeshModel model, ProxyView proxy) => AuthorizationFilters.Build(model, proxy);
}
