using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>How requests to some hosts are routed.</summary>
internal sealed record VirtualService(
    ObjectMeta Meta,
    EquatableArray<string> Hosts,
    EquatableArray<string> Gateways,
    EquatableArray<string> ExportTo,
    EquatableArray<HttpRoute> Http) : MeshObject(Meta);
