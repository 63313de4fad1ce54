namespace ProxylessMesh.Xds.Config;

/// <summary>HTTPFault (gRFC A33). The delay comes first; each of the two is diced for on its own.</summary>
/// <param name="Delay">Null: none.</param>
/// <param name="Abort">Null: none.</param>
/// <param name="MaxActive">Faults at a time in this process; null = no limit, 0 = none at all.</param>
/// <param name="Cluster">Only requests to this cluster; empty = all.</param>
/// <param name="Headers">Only requests that all of these match.</param>
/// <param name="Nodes">Only requests whose x-envoy-downstream-service-node is one of these; empty = all.</param>
internal sealed record FaultConfig(
    FaultDelayConfig? Delay,
    FaultAbortConfig? Abort,
    uint? MaxActive,
    string Cluster,
    EquatableArray<HeaderMatchConfig> Headers,
    EquatableArray<string> Nodes);
