using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Translation;

/// <summary>What of a client the translation depends on.</summary>
internal sealed record ProxyView(
    ProxyProfile Profile,
    string Namespace,
    string ServiceAccount,
    string WorkloadName,
    EquatableMap Labels,
    LocalityId Locality)
{
    /// <summary>Ports that a workload will listen on once it knows how to guard them; its agent says so before it registers them.</summary>
    public EquatableArray<KeyValuePair<string, int>> InboundPorts { get; init; } = [];
}
