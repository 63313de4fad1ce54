using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Clusters;

/// <summary>The traffic policy of one port of one subset; null blocks have their defaults.</summary>
internal sealed record EffectivePolicy(LoadBalancer? LoadBalancer, ConnectionPool? ConnectionPool, OutlierDetection? OutlierDetection, ClientTls? Tls)
{
    public RetryBudget? RetryBudget { get; init; }

    private static readonly EffectivePolicy None = new(null, null, null, null);

    /// <summary>A subset's blocks override the host's one by one; settings of a port replace all blocks of their level (Istio, TrafficPolicy).</summary>
    public static EffectivePolicy Of(MergedDestinationRule? rule, string subset, int port) =>
        None.OverriddenBy(rule?.Policy, port).OverriddenBy(rule?.FindSubset(subset)?.Policy, port);

    private EffectivePolicy OverriddenBy(TrafficPolicy? policy, int port)
    {
        if (policy is null)
        {
            return this;
        }

        foreach (var level in policy.Ports)
        {
            if (level.Port == port)
            {
                var own = level.Policy;
                return new EffectivePolicy(own.LoadBalancer, own.ConnectionPool, own.OutlierDetection, own.Tls) { RetryBudget = own.RetryBudget };
            }
        }

        return new EffectivePolicy(
            policy.LoadBalancer ?? LoadBalancer,
            policy.ConnectionPool ?? ConnectionPool,
            policy.OutlierDetection ?? OutlierDetection,
            policy.Tls ?? Tls)
        {
            RetryBudget = policy.RetryBudget ?? RetryBudget,
        };
    }
}
