using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Which transport workloads accept. An empty selector = the namespace (or the mesh, in the root namespace).</summary>
internal sealed record PeerAuthentication(
    ObjectMeta Meta,
    EquatableMap Selector,
    MutualTlsMode Mode,
    EquatableArray<KeyValuePair<int, MutualTlsMode>> Ports) : MeshObject(Meta);
