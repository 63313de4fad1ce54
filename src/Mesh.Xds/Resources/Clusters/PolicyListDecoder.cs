using Envoy.Extensions.LoadBalancingPolicies.ClientSideWeightedRoundRobin.V3;
using Envoy.Extensions.LoadBalancingPolicies.LeastRequest.V3;
using Envoy.Extensions.LoadBalancingPolicies.Maglev.V3;
using Envoy.Extensions.LoadBalancingPolicies.RingHash.V3;
using Envoy.Extensions.LoadBalancingPolicies.RoundRobin.V3;
using Envoy.Extensions.LoadBalancingPolicies.WrrLocality.V3;
using Google.Protobuf.Reflection;
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
        var type when type == WrrLocality.Descriptor.FullName => Read(config, WrrLocality.Descriptor, WrrLocality.Parser, context, p => Inner(p, context, depth)),
        var type when type == RoundRobin.Descriptor.FullName => Read(config, RoundRobin.Descriptor, RoundRobin.Parser, context, p => PolicyDecoder.Decode(p, context)),
        var type when type == RandomPolicy.Descriptor.FullName => Read(config, RandomPolicy.Descriptor, RandomPolicy.Parser, context, p => PolicyDecoder.Decode(p, context)),
        var type when type == LeastRequest.Descriptor.FullName => Read(config, LeastRequest.Descriptor, LeastRequest.Parser, context, p => PolicyDecoder.Decode(p, context)),
        var type when type == RingHash.Descriptor.FullName => Read(config, RingHash.Descriptor, RingHash.Parser, context, p => PolicyDecoder.Decode(p, context)),
        var type when type == Maglev.Descriptor.FullName => Read(config, Maglev.Descriptor, Maglev.Parser, context, p => PolicyDecoder.Decode(p, context)),
        var type when type == ClientSideWeightedRoundRobin.Descriptor.FullName =>
            Read(config, ClientSideWeightedRoundRobin.Descriptor, ClientSideWeightedRoundRobin.Parser, context, p => ClientWeightsDecoder.Decode(p, context)),
        _ => null,
    };

    /// <summary>Locality weights count with every policy here, so only what is inside matters.</summary>
    private static LoadBalancingConfig Inner(WrrLocality policy, DecodeContext context, int depth)
    {
        using (context.Enter("endpoint_picking_policy"))
        {
            return Decode(policy.EndpointPickingPolicy, context, depth + 1);
        }
    }

    private static LoadBalancingConfig Read<T>(
        Any? config, MessageDescriptor type, MessageParser<T> parser, DecodeContext context, Func<T, LoadBalancingConfig> decode)
        where T : class, IMessage<T>
    {
        var message = TypedConfig.Unpack(config, type, parser, "typed_config", context);
        using (context.Enter("typed_config"))
        {
            return message is null ? default : decode(message);
        }
    }
}
