using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>What gateways at the edge of the mesh listen for.</summary>
/// <param name="Meta">Its identity.</param>
/// <param name="Selector">Labels of the gateways, in any namespace; empty: every gateway.</param>
/// <param name="Servers">At least one.</param>
internal sealed record Gateway(ObjectMeta Meta, EquatableMap Selector, EquatableArray<GatewayServer> Servers) : MeshObject(Meta);
