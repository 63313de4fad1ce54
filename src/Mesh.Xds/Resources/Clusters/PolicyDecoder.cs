using Envoy.Extensions.LoadBalancingPolicies.Common.V3;
using Envoy.Extensions.LoadBalancingPolicies.LeastRequest.V3;
using Envoy.Extensions.LoadBalancingPolicies.Maglev.V3;
using Envoy.Extensions.LoadBalancingPolicies.PickFirst.V3;
using Envoy.Extensions.LoadBalancingPolicies.RingHash.V3;
using Envoy.Extensions.LoadBalancingPolicies.RoundRobin.V3;
using ProxylessMesh.Xds.Config;
using CommonSlowStart = Envoy.Extensions.LoadBalancingPolicies.Common.V3.SlowStartConfig;
using LoadBalancingPolicy = ProxylessMesh.Xds.Config.LoadBalancingPolicy;
using RandomPolicy = Envoy.Extensions.LoadBalancingPolicies.Random.V3.Random;
using SlowStart = Envoy.Config.Cluster.V3.Cluster.Types.SlowStartConfig;

namespace ProxylessMesh.Xds.Resources.Clusters;

/// <summary>The policies of load_balancing_policy, by the rules of their older forms.</summary>
internal static class PolicyDecoder
{
    public static LoadBalancingConfig Decode(RoundRobin policy, DecodeContext context)
    {
        return new LoadBalancingConfig(LoadBalancingPolicy.RoundRobin)
        {
            SlowStart = SlowStartDecoder.Decode(Older(policy.SlowStartConfig), context),
            ZoneAware = ZoneAwareDecoder.Decode(policy.LocalityLbConfig, context),
        };
    }

    public static LoadBalancingConfig Decode(RandomPolicy policy, DecodeContext context)
    {
        return new LoadBalancingConfig(LoadBalancingPolicy.Random) { ZoneAware = ZoneAwareDecoder.Decode(policy.LocalityLbConfig, context) };
    }

    public static LoadBalancingConfig Decode(LeastRequest policy, DecodeContext context)
    {
        context.Refuse(policy.SelectionMethod != LeastRequest.Types.SelectionMethod.NChoices, "selection_method");
        return LeastRequestRules.Decode(policy.ChoiceCount, policy.ActiveRequestBias, context) with
        {
            SlowStart = SlowStartDecoder.Decode(Older(policy.SlowStartConfig), context),
            ZoneAware = ZoneAwareDecoder.Decode(policy.LocalityLbConfig, context),
        };
    }

    public static LoadBalancingConfig Decode(RingHash policy, DecodeContext context)
    {
        Check(policy.ConsistentHashingLbConfig, context);
        context.Refuse(policy.HashFunction is not (RingHash.Types.HashFunction.DefaultHash or RingHash.Types.HashFunction.XxHash), "hash_function");
        return HashTableRules.Ring(policy.MinimumRingSize, policy.MaximumRingSize, context);
    }

    public static LoadBalancingConfig Decode(Maglev policy, DecodeContext context)
    {
        Check(policy.ConsistentHashingLbConfig, context);
        return HashTableRules.Maglev(policy.TableSize, context);
    }

    public static LoadBalancingConfig Decode(PickFirst policy) => new(LoadBalancingPolicy.PickFirst) { ShufflesAddresses = policy.ShuffleAddressList };

    private static void Check(ConsistentHashingLbConfig? config, DecodeContext context)
    {
        context.Refuse(config?.UseHostnameForHashing == true, "consistent_hashing_lb_config.use_hostname_for_hashing");
        context.Refuse(config?.HashBalanceFactor > 0, "consistent_hashing_lb_config.hash_balance_factor");
    }

    public static SlowStart? Older(CommonSlowStart? config) => config is null ? null : new SlowStart
    {
        SlowStartWindow = config.SlowStartWindow,
        Aggression = config.Aggression,
        MinWeightPercent = config.MinWeightPercent,
    };
}
