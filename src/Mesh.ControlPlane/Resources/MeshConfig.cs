using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Istio's MeshConfig as an object (proxylessmesh.io/v1alpha1): so far, its extension providers. Counts in the root namespace alone.</summary>
internal sealed record MeshConfig(ObjectMeta Meta, EquatableArray<AuthorizationProvider> Providers) : MeshObject(Meta);
