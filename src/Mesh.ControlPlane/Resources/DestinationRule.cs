using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>What happens after routing: subsets and traffic policy of a host.</summary>
internal sealed record DestinationRule(
    ObjectMeta Meta,
    string Host,
    SourcePosition HostPosition,
    EquatableArray<string> ExportTo,
    TrafficPolicy? Policy,
    EquatableArray<Subset> Subsets) : MeshObject(Meta);
