using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Registry;

/// <summary>Where workloads run, held once for all that run there.</summary>
internal sealed record WorkloadPlace(LocalityId Locality);
