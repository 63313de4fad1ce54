using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Clusters;

/// <summary>
/// A pass-through cluster that originates TLS: one endpoint without address, for whatever host the request names. Without TLS
/// such a cluster is HttpClient's own way and needs none.
/// </summary>
internal static class OriginalDestination
{
    public static EndpointsConfig? Endpoints(ClusterConfig config) => config is { Discovery: ClusterDiscovery.PassThrough, Tls: not null }
        ? new EndpointsConfig(config.Name, [new LocalityConfig(default, 1, 0, [new EndpointConfig("", 0, 1, EndpointHealth.Healthy, EquatableMap.Empty)])])
        : null;
}
