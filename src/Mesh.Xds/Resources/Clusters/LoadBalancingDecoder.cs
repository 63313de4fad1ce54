using Envoy.Config.Cluster.V3;
using ProxylessMesh.Xds.Config;
using LbPolicy = Envoy.Config.Cluster.V3.Cluster.Types.LbPolicy;
using LoadBalancingPolicy = ProxylessMesh.Xds.Config.LoadBalancingPolicy;

namespace ProxylessMesh.Xds.Resources.Clusters;

/// <summary>How a cluster picks: load_balancing_policy where it is set (gRFC A52), else lb_policy; and what is common to all policies.</summary>
internal static class LoadBalancingDecoder
{
    public static LoadBalancingConfig Decode(Cluster cluster, DecodeContext context)
    {
        var policy = cluster.LoadBalancingPolicy is null ? ByEnum(cluster, context) : ByList(cluster, context);
        return CommonLbDecoder.Apply(cluster.CommonLbConfig, policy, context);
    }

    private static LoadBalancingConfig ByList(Cluster cluster, DecodeContext context)
    {
        using (context.Enter("load_balancing_policy"))
        {
            return PolicyListDecoder.Decode(cluster.LoadBalancingPolicy, context);
        }
    }

    private static LoadBalancingConfig ByEnum(Cluster cluster, DecodeContext context)
    {
        switch (cluster.LbPolicy)
        {
            case LbPolicy.RoundRobin:
                using (context.Enter("round_robin_lb_config"))
                {
                    return new LoadBalancingConfig(LoadBalancingPolicy.RoundRobin) { SlowStart = SlowStartDecoder.Decode(cluster.RoundRobinLbConfig?.SlowStartConfig, context) };
                }

            case LbPolicy.LeastRequest:
                using (context.Enter("least_request_lb_config"))
                {
                    var least = cluster.LeastRequestLbConfig;
                    return LeastRequestRules.Decode(least?.ChoiceCount, least?.ActiveRequestBias, context) with { SlowStart = SlowStartDecoder.Decode(least?.SlowStartConfig, context) };
                }

            case LbPolicy.Random:
                return new LoadBalancingConfig(LoadBalancingPolicy.Random);
            case LbPolicy.RingHash:
                using (context.Enter("ring_hash_lb_config"))
                {
                    var ring = cluster.RingHashLbConfig;
                    context.Refuse(ring?.HashFunction is not (null or Cluster.Types.RingHashLbConfig.Types.HashFunction.XxHash), "hash_function");
                    return HashTableRules.Ring(ring?.MinimumRingSize, ring?.MaximumRingSize, context);
                }

            case LbPolicy.Maglev:
                using (context.Enter("maglev_lb_config"))
                {
                    return HashTableRules.Maglev(cluster.MaglevLbConfig?.TableSize, context);
                }

            case LbPolicy.ClusterProvided when cluster.Type == Cluster.Types.DiscoveryType.OriginalDst || AggregateDecoder.IsAggregate(cluster):
                // The request's own address, or the clusters below, leave no choice.
                return new LoadBalancingConfig(LoadBalancingPolicy.RoundRobin);
            default:
                context.Error("lb_policy", $"{cluster.LbPolicy} is not supported");
                return default;
        }
    }
}
