using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Extensions.LoadBalancingPolicies.ClientSideWeightedRoundRobin.V3;
using Envoy.Extensions.LoadBalancingPolicies.Common.V3;
using Envoy.Extensions.LoadBalancingPolicies.RoundRobin.V3;
using Envoy.Extensions.LoadBalancingPolicies.WrrLocality.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Resources;
using Percent = Envoy.Type.V3.Percent;

namespace ProxylessMesh.ControlPlane.Translation.Clusters;

/// <summary>backendUtilization as ClientSideWeightedRoundRobin. A client that does not know it takes turns.</summary>
internal static class BackendUtilizationBuilder
{
    private const string Name = "envoy.load_balancing_policies.client_side_weighted_round_robin";

    public static void Apply(Cluster cluster, BackendUtilization utilization, Warmup? warmup)
    {
        var policy = Policy(utilization);
        if (warmup is not null)
        {
            policy.SlowStartConfig = new SlowStartConfig
            {
                SlowStartWindow = warmup.Duration.ToDuration(),
                Aggression = new RuntimeDouble { DefaultValue = warmup.Aggression ?? 1 },
                MinWeightPercent = new Percent { Value = warmup.MinimumPercent ?? 10 },
            };
        }

        cluster.LbPolicy = Cluster.Types.LbPolicy.RoundRobin;
        cluster.LoadBalancingPolicy = new LoadBalancingPolicy { Policies = { GrpcLoadBalancing.Of(Name, policy) } };
    }

    /// <summary>gRPC's libraries take the policy inside wrr_locality only (gRFC A58).</summary>
    public static void ApplyForGrpc(Cluster cluster, BackendUtilization utilization)
    {
        var choice = new LoadBalancingPolicy
        {
            Policies = { GrpcLoadBalancing.Of(Name, Policy(utilization)), GrpcLoadBalancing.Of("envoy.load_balancing_policies.round_robin", new RoundRobin()) },
        };
        cluster.LbPolicy = Cluster.Types.LbPolicy.RoundRobin;
        cluster.LoadBalancingPolicy = new LoadBalancingPolicy
        {
            Policies = { GrpcLoadBalancing.Of("envoy.load_balancing_policies.wrr_locality", new WrrLocality { EndpointPickingPolicy = choice }) },
        };
    }

    private static ClientSideWeightedRoundRobin Policy(BackendUtilization utilization) => new()
    {
        BlackoutPeriod = utilization.StabilizationPeriod?.ToDuration(),
        WeightExpirationPeriod = utilization.ExpirationPeriod?.ToDuration(),
        WeightUpdatePeriod = utilization.UpdatePeriod?.ToDuration(),
        ErrorUtilizationPenalty = utilization.ErrorPenaltyPercent / 100f,
        MetricNamesForComputingUtilization = { utilization.MetricNames },
    };
}
