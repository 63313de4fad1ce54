using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>A Kubernetes Service: a name, ports, and which workloads serve it. An empty selector selects none.</summary>
internal sealed record Service(ObjectMeta Meta, EquatableMap Selector, EquatableArray<ServicePort> Ports) : MeshObject(Meta)
{
    /// <summary>Null: it does not say.</summary>
    public TrafficPreference? TrafficDistribution { get; init; }
}
