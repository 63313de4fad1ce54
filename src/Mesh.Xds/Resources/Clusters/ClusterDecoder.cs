using Envoy.Config.Cluster.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Tls;

namespace ProxylessMesh.Xds.Resources.Clusters;

/// <summary>Cluster (gRFCs A27, A37, A48, A50).</summary>
internal static class ClusterDecoder
{
    private static readonly TimeSpan DefaultConnectTimeout = TimeSpan.FromSeconds(5);

    public static ClusterConfig? Decode(Cluster cluster, DecodeContext context)
    {
        RefuseUnsupported(cluster, context);
        var discovery = ClusterDiscoveryDecoder.Decode(cluster, context);
        var connectTimeout = DurationReader.Positive(cluster.ConnectTimeout, "connect_timeout", context);
        var balancing = LoadBalancingDecoder.Decode(cluster, context);
        var http = HttpOptionsDecoder.Decode(cluster, context);
        var errors = OutlierErrorsDecoder.Decode(http?.OutlierDetection?.ErrorMatcher, context);
        var outliers = OutlierDetectionDecoder.Decode(cluster.OutlierDetection, context) is { } detection ? detection with { Errors = errors } : null;
        var tls = TransportSockets.DecodeUpstream(cluster.TransportSocket, context);
        var tlsMatches = TlsMatchDecoder.Decode(cluster, context);
        if (discovery is not { } kind)
        {
            return null;
        }

        return new ClusterConfig(
            cluster.Name,
            kind,
            ClusterDiscoveryDecoder.EdsServiceName(cluster, kind, context),
            ClusterDiscoveryDecoder.InlineEndpoints(cluster, kind, context),
            balancing,
            connectTimeout ?? DefaultConnectTimeout,
            outliers,
            tls,
            tlsMatches)
        {
            Dns = DnsDecoder.Decode(cluster, kind, context),
            Children = kind == ClusterDiscovery.Aggregate ? AggregateDecoder.Children(cluster, context) : [],
            CircuitBreakers = CircuitBreakerDecoder.Decode(cluster.CircuitBreakers, context),
            LoadStats = LoadStatsDecoder.Decode(cluster, context),
            ConnectionPool = ConnectionPoolDecoder.Decode(cluster, http, context),
        };
    }

    private static void RefuseUnsupported(Cluster cluster, DecodeContext context)
    {
        context.Refuse(cluster.UpstreamConfig is not null, "upstream_config");
        context.Refuse(cluster.DnsResolvers.Count > 0, "dns_resolvers");
    }
}
