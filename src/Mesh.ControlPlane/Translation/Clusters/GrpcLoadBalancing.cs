using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Extensions.LoadBalancingPolicies.LeastRequest.V3;
using Envoy.Extensions.LoadBalancingPolicies.RoundRobin.V3;
using Envoy.Extensions.LoadBalancingPolicies.WrrLocality.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Resources;
using Policy = Envoy.Config.Cluster.V3.LoadBalancingPolicy.Types.Policy;

namespace ProxylessMesh.ControlPlane.Translation.Clusters;

/// <summary>
/// Least request for clients some of which do not know it. As lb_policy, which is how Istio writes it, C-core refuses the whole
/// cluster; in load_balancing_policy each client takes the first policy that it knows (gRFC A52), and one that does not read that
/// field yet has lb_policy.
/// </summary>
internal static class GrpcLoadBalancing
{
    /// <summary>Istio leaves gRPC's default, round robin, unless a rule asks for something else.</summary>
    public static void Apply(Cluster cluster, SimpleLoadBalancer? asked)
    {
        cluster.LbPolicy = Cluster.Types.LbPolicy.RoundRobin;
        if (asked is SimpleLoadBalancer.LeastRequest)
        {
            var choice = new LoadBalancingPolicy
            {
                Policies = { Of("envoy.load_balancing_policies.least_request", new LeastRequest()), Of("envoy.load_balancing_policies.round_robin", new RoundRobin()) },
            };
            cluster.LoadBalancingPolicy = new LoadBalancingPolicy
            {
                Policies = { Of("envoy.load_balancing_policies.wrr_locality", new WrrLocality { EndpointPickingPolicy = choice }) },
            };
        }
    }

    public static Policy Of(string name, IMessage settings) =>
        new() { TypedExtensionConfig = new TypedExtensionConfig { Name = name, TypedConfig = Any.Pack(settings) } };
}
