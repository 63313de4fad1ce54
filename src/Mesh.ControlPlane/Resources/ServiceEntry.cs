using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Hosts that no Service describes.</summary>
internal sealed record ServiceEntry(
    ObjectMeta Meta,
    EquatableArray<string> Hosts,
    EquatableArray<ServicePort> Ports,
    ServiceEntryLocation Location,
    ServiceEntryResolution Resolution,
    EquatableArray<WorkloadEndpoint> Endpoints,
    EquatableMap WorkloadSelector,
    EquatableArray<string> ExportTo) : MeshObject(Meta);
