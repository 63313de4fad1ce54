using Envoy.Config.Cluster.V3;
using ProxylessMesh.Xds.Config;
using LbPolicy = Envoy.Config.Cluster.V3.Cluster.Types.LbPolicy;
using LoadBalancingPolicy = ProxylessMesh.Xds.Config.LoadBalancingPolicy;

namespace ProxylessMesh.Xds.Resources.Clusters;

/// <summary>Cluster.lb_policy and its parameters.</summary>
internal static class LoadBalancingDecoder
{
    private const int MinChoices = 2;
    private const int MaxChoices = 10;

    public static LoadBalancingConfig Decode(Cluster cluster, DecodeContext context)
    {
        switch (cluster.LbPolicy)
        {
            case LbPolicy.RoundRobin:
                return new LoadBalancingConfig(LoadBalancingPolicy.RoundRobin);
            case LbPolicy.LeastRequest:
                return new LoadBalancingConfig(LoadBalancingPolicy.LeastRequest, Choices(cluster.LeastRequestLbConfig, context));
            case LbPolicy.Random:
                return new LoadBalancingConfig(LoadBalancingPolicy.Random);
            case LbPolicy.ClusterProvided when cluster.Type == Cluster.Types.DiscoveryType.OriginalDst:
                // The request's own address is the only choice there is.
                return new LoadBalancingConfig(LoadBalancingPolicy.RoundRobin);
            default:
                context.Error("lb_policy", $"{cluster.LbPolicy} is not supported");
                return default;
        }
    }

    /// <summary>gRFC A48: at least 2, and more than 10 count as 10.</summary>
    private static int Choices(Cluster.Types.LeastRequestLbConfig? config, DecodeContext context)
    {
        var choices = config?.ChoiceCount ?? MinChoices;
        if (choices < MinChoices)
        {
            context.Error("least_request_lb_config.choice_count", $"must be at least {MinChoices}");
        }

        return (int)Math.Min(choices, MaxChoices);
    }
}
