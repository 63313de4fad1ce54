using Envoy.Extensions.LoadBalancingPolicies.ClientSideWeightedRoundRobin.V3;
using Envoy.Extensions.LoadBalancingPolicies.LeastRequest.V3;
using Envoy.Extensions.LoadBalancingPolicies.Maglev.V3;
using Envoy.Extensions.LoadBalancingPolicies.PickFirst.V3;
using Envoy.Extensions.LoadBalancingPolicies.RandomSubsetting.V3;
using Envoy.Extensions.LoadBalancingPolicies.RingHash.V3;
using Envoy.Extensions.LoadBalancingPolicies.RoundRobin.V3;
using Envoy.Extensions.LoadBalancingPolicies.WrrLocality.V3;
using Google.Protobuf.WellKnownTypes;
using Google.Protobuf;
using ProxylessMesh.Xds.Config;
using LoadBalancingPolicy = ProxylessMesh.Xds.Config.LoadBalancingPolicy;
using PolicyList = Envoy.Config.Cluster.V3.LoadBalancingPolicy;
using RandomPolicy = Envoy.Extensions.LoadBalancingPolicies.Random.V3.Random;

namespace ProxylessMesh.Xds.Resources.Clusters;

/// <summary>Cluster.load_balancing_policy: the first policy of the list that we have (gRFC A52). A policy may hold a list in turn.</summary>
internal static class PolicyListDecoder
{
    /// <summary>gRFC A52: deeper nesting is an error.</summary>
    private const int MaxDepth = 16;

    public static LoadBalancingConfig Decode(PolicyList? policies, DecodeContext context, int depth = 0)
    {
        if (depth >= MaxDepth)
        {
            context.Error($"policies are nested deeper than {MaxDepth} levels");
            return default;
        }

        for (var i = 0; i < policies?.Policies.Count; i++)
        {
            using (context.Enter("policies", i))
            using (context.Enter("typed_extension_config"))
            {
                if (Decode(policies.Policies[i].TypedExtensionConfig?.TypedConfig, context, depth) is { } policy)
                {
                    return policy;
                }
            }
        }

        context.Error("policies", "none of them is supported");
        return default;
    }

    /// <summary>Null: a policy that we do not have.</summary>
    private static LoadBalancingConfig? Decode(Any? config, DecodeContext context, int depth) => Any.GetTypeName(config?.TypeUrl ?? "") switch
    {
        TypeNames.WrrLocality => Read(config, TypeNames.WrrLocality, WrrLocality.Parser, context, p => Inner(p, context, depth)),
        TypeNames.RoundRobin => Read(config, TypeNames.RoundRobin, RoundRobin.Parser, context, p => PolicyDecoder.Decode(p, context)),
        TypeNames.Random => Read(config, TypeNames.Random, RandomPolicy.Parser, context, p => PolicyDecoder.Decode(p, context)),
        TypeNames.LeastRequest => Read(config, TypeNames.LeastRequest, LeastRequest.Parser, context, p => PolicyDecoder.Decode(p, context)),
        TypeNames.RingHash => Read(config, TypeNames.RingHash, RingHash.Parser, context, p => PolicyDecoder.Decode(p, context)),
        TypeNames.Maglev => Read(config, TypeNames.Maglev, Maglev.Parser, context, p => PolicyDecoder.Decode(p, context)),
        TypeNames.ClientSideWeightedRoundRobin =>
            Read(config, TypeNames.ClientSideWeightedRoundRobin, ClientSideWeightedRoundRobin.Parser, context, p => ClientWeightsDecoder.Decode(p, context)),
        TypeNames.PickFirst => Read(config, TypeNames.PickFirst, PickFirst.Parser, context, PolicyDecoder.Decode),
        TypeNames.RandomSubsetting => Read(config, TypeNames.RandomSubsetting, RandomSubsetting.Parser, context, p => Subset(p, context, depth)),
        _ => null,
    };

    /// <summary>Locality weights count with every policy here, so only what is inside matters.</summary>
    private static LoadBalancingConfig Inner(WrrLocality policy, DecodeContext context, int depth)
    {
        using (context.Enter("endpoint_picking_policy"))
        {
            var inner = Decode(policy.EndpointPickingPolicy, context, depth + 1);
            if (inner.SubsetSize > 0)
            {
                // It would be a subset of each locality; here it is one of each priority.
                context.Error("random_subsetting cannot stand inside wrr_locality; let it stand outside");
            }

            return inner;
        }
    }

    private static LoadBalancingConfig Subset(RandomSubsetting policy, DecodeContext context, int depth)
    {
        if (policy.SubsetSize is not (> 0 and <= int.MaxValue))
        {
            context.Error("subset_size", "must be more than 0");
            return default;
        }

        using (context.Enter("child_policy"))
        {
            return Decode(policy.ChildPolicy, context, depth + 1) with { SubsetSize = (int)policy.SubsetSize };
        }
    }

    private static LoadBalancingConfig Read<T>(
        Any? config, string type, MessageParser<T> parser, DecodeContext context, Func<T, LoadBalancingConfig> decode)
        where T : class, IMessage<T>
    {
        var message = TypedConfig.Unpack(config, type, parser, "typed_config", context);
        using (context.Enter("typed_config"))
        {
            return message is null ? default : decode(message);
        }
    }
}
