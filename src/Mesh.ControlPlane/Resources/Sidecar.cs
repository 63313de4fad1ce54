using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>What workloads see of the mesh. An empty selector = the namespace (or the mesh, in the root namespace).</summary>
/// <param name="Meta">Name and place.</param>
/// <param name="Selector">Labels of the workloads.</param>
/// <param name="EgressHosts"><c>namespace/host</c>; empty: everything that is exported to them.</param>
/// <param name="OutboundMode">Null: the mesh's setting.</param>
internal sealed record Sidecar(
    ObjectMeta Meta,
    EquatableMap Selector,
    EquatableArray<string> EgressHosts,
    OutboundTrafficMode? OutboundMode) : MeshObject(Meta);
