namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>A workload that nobody registers but the operator.</summary>
internal sealed record WorkloadEntry(ObjectMeta Meta, WorkloadEndpoint Endpoint) : MeshObject(Meta);
