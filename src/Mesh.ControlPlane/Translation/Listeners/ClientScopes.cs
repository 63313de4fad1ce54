using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Translation.Listeners;

/// <summary>What a client sees. Its labels are looked at only where a Sidecar selects by them, so that listeners can be shared elsewhere.</summary>
internal static class ClientScopes
{
    public static ClientScope Of(MeshModel model, ProxyView proxy) =>
        model.Sidecars.ScopeOf(proxy.Namespace, model.Sidecars.SelectIn(proxy.Namespace) ? proxy.Labels : EquatableMap.Empty);
}
