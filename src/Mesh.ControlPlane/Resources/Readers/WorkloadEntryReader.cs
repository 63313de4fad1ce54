using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>WorkloadEntry (networking.istio.io).</summary>
internal static class WorkloadEntryReader
{
    public static MeshObject? Read(ObjectMeta meta, YamlObject spec) =>
        WorkloadEndpointReader.Read(spec) is { } endpoint ? new WorkloadEntry(meta, endpoint) : null;
}
