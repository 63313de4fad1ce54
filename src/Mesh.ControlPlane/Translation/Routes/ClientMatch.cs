using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Routes;

/// <summary>The parts of a match that select clients and ports, not requests: they are settled here and never sent.</summary>
internal static class ClientMatch
{
    public static bool Applies(HttpMatch match, ProxyView proxy, int port) =>
        (match.Port is null || match.Port == port)
        && VirtualServiceIndex.AppliesInMesh(match.Gateways)
        && (match.SourceNamespace is null || match.SourceNamespace == proxy.Namespace)
        && (match.SourceLabels.Count == 0 || match.SourceLabels.IsSubsetOf(proxy.Labels));
}
