using Envoy.Config.Cluster.V3;
using ProxylessMesh.Xds.Config;
using Family = Envoy.Config.Cluster.V3.Cluster.Types.DnsLookupFamily;

namespace ProxylessMesh.Xds.Resources.Clusters;

/// <summary>
/// What a cluster says of name look-ups (Envoy, "Strict DNS", "Logical DNS"). Which server is asked is the machine's choice:
/// a configuration that names one is refused.
/// </summary>
internal static class DnsDecoder
{
    /// <summary>Envoy refuses less.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    public static DnsConfig Decode(Cluster cluster, ClusterDiscovery discovery, DecodeContext context)
    {
        if (discovery is not (ClusterDiscovery.StrictDns or ClusterDiscovery.LogicalDns))
        {
            return DnsConfig.Default;
        }

        context.Refuse(cluster.TypedDnsResolverConfig is not null, "typed_dns_resolver_config");
        context.Refuse(cluster.UseTcpForDnsLookups, "use_tcp_for_dns_lookups");
        var refresh = DurationReader.Positive(cluster.DnsRefreshRate, "dns_refresh_rate", context) ?? DnsConfig.Default.RefreshRate;
        var config = new DnsConfig(LookupFamily(cluster, context), AtLeast(refresh), cluster.RespectDnsTtl)
        {
            Jitter = DurationReader.NotNegative(cluster.DnsJitter, "dns_jitter", context) ?? TimeSpan.Zero,
        };
        return cluster.DnsFailureRefreshRate is { } failure ? AfterFailure(config, failure, context) : config;
    }

    private static DnsConfig AfterFailure(DnsConfig config, Cluster.Types.RefreshRate failure, DecodeContext context)
    {
        using (context.Enter("dns_failure_refresh_rate"))
        {
            if (DurationReader.Positive(failure.BaseInterval, "base_interval", context) is not { } shortest)
            {
                context.Refuse(failure.BaseInterval is null, "without base_interval");
                return config;
            }

            var longest = DurationReader.Positive(failure.MaxInterval, "max_interval", context) ?? AtLeast(shortest) * 10;
            if (longest < shortest)
            {
                context.Error("max_interval", "must not be less than base_interval");
            }

            return config with { FailureBase = AtLeast(shortest), FailureMaximum = AtLeast(longest) };
        }
    }

    private static DnsLookupFamily LookupFamily(Cluster cluster, DecodeContext context)
    {
        switch (cluster.DnsLookupFamily)
        {
            case Family.Auto:
                return DnsLookupFamily.V6Preferred;
            case Family.V4Only:
                return DnsLookupFamily.V4Only;
            case Family.V6Only:
                return DnsLookupFamily.V6Only;
            case Family.V4Preferred:
                return DnsLookupFamily.V4Preferred;
            case Family.All:
                return DnsLookupFamily.All;
            default:
                context.Error("dns_lookup_family", $"{cluster.DnsLookupFamily} is not supported");
                return DnsLookupFamily.V6Preferred;
        }
    }

    private static TimeSpan AtLeast(TimeSpan time) => time < Shortest ? Shortest : time;
}
