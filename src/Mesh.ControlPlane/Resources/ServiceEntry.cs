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
    EquatableArray<string> ExportTo) : MeshObject(Meta)
{
    /// <summary>Names of which the servers' certificates must have one, besides those of its workloads' service accounts.</summary>
    public EquatableArray<string> SubjectAltNames { get; init; } = [];
}
