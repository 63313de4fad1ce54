using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Ads;

/// <summary>
/// Who we say we are, on the first request of each stream. <paramref name="Metadata"/> holds Istio's keys (NAMESPACE,
/// SERVICE_ACCOUNT, WORKLOAD_NAME, LABELS, INSTANCE_IPS, GENERATOR, POD_PORTS ...) with string, number, list and map values,
/// as System.Text.Json nodes.
/// </summary>
internal sealed record NodeInfo(
    string Id,
    string Cluster,
    LocalityId Locality,
    System.Text.Json.Nodes.JsonObject Metadata);
