using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Whose tokens workloads accept. An empty selector = the namespace (or the mesh, in the root namespace).</summary>
internal sealed record RequestAuthentication(ObjectMeta Meta, EquatableMap Selector, EquatableArray<JwtRule> Rules) : MeshObject(Meta);
