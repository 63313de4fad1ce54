using Envoy.Config.Core.V3;
using ProxylessMesh.Xds.Config;
using LbConfig = Envoy.Config.Cluster.V3.Cluster.Types.CommonLbConfig;

namespace ProxylessMesh.Xds.Resources.Clusters;

/// <summary>
/// Cluster.CommonLbConfig. Locality weights count whether or not locality_weighted_lb_config is there, as in gRPC (gRFC A27);
/// update_merge_window delays what this data plane applies at once.
/// </summary>
internal static class CommonLbDecoder
{
    /// <summary>Envoy's default.</summary>
    private const double DefaultPanicThreshold = 50;

    public static LoadBalancingConfig Apply(LbConfig? config, LoadBalancingConfig policy, DecodeContext context)
    {
        using (context.Enter("common_lb_config"))
        {
            return policy with
            {
                PanicThresholdPercent = PanicThreshold(config, context),
                Sessions = config?.OverrideHostStatus is { } statuses ? Sessions(statuses) : policy.Sessions,
                ZoneAware = ZoneAwareDecoder.Decode(config?.ZoneAwareLbConfig, context) ?? policy.ZoneAware,
            };
        }
    }

    private static SessionHealth Sessions(HealthStatusSet set) => set.Statuses.Aggregate(SessionHealth.None, static (all, status) => all | status switch
    {
        HealthStatus.Unknown or HealthStatus.Healthy => SessionHealth.Healthy,
        HealthStatus.Draining => SessionHealth.Draining,
        HealthStatus.Degraded => SessionHealth.Degraded,
        HealthStatus.Unhealthy or HealthStatus.Timeout => SessionHealth.Unhealthy,
        _ => SessionHealth.None,
    });

    private static double PanicThreshold(LbConfig? config, DecodeContext context)
    {
        context.Refuse(config?.IgnoreNewHostsUntilFirstHc == true, "ignore_new_hosts_until_first_hc");
        context.Refuse(config?.CloseConnectionsOnHostSetChange == true, "close_connections_on_host_set_change");
        context.Refuse(config?.ConsistentHashingLbConfig?.UseHostnameForHashing == true, "consistent_hashing_lb_config.use_hostname_for_hashing");
        context.Refuse(config?.ConsistentHashingLbConfig?.HashBalanceFactor > 0, "consistent_hashing_lb_config.hash_balance_factor");
        var threshold = config?.HealthyPanicThreshold?.Value ?? DefaultPanicThreshold;
        if (threshold is not (>= 0 and <= 100))
        {
            context.Error("healthy_panic_threshold", "must be 0 to 100");
            return DefaultPanicThreshold;
        }

        return threshold;
    }
}
