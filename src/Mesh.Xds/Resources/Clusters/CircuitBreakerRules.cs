using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;

namespace ProxylessMesh.Xds.Resources.Clusters;

/// <summary>
/// CircuitBreakers. This data plane sets no limits yet, so a limit that would take effect is refused; Istio's way of writing
/// "no limit", the largest number, is accepted.
/// </summary>
internal static class CircuitBreakerRules
{
    public static void Check(CircuitBreakers? breakers, DecodeContext context)
    {
        if (breakers is null)
        {
            return;
        }

        using (context.Enter("circuit_breakers"))
        {
            for (var i = 0; i < breakers.Thresholds.Count; i++)
            {
                // Every request has the default priority: other entries are never used.
                if (breakers.Thresholds[i].Priority == RoutingPriority.Default)
                {
                    using (context.Enter("thresholds", i))
                    {
                        Check(breakers.Thresholds[i], context);
                    }
                }
            }

            for (var i = 0; i < breakers.PerHostThresholds.Count; i++)
            {
                using (context.Enter("per_host_thresholds", i))
                {
                    Check(breakers.PerHostThresholds[i], context);
                }
            }
        }
    }

    private static void Check(CircuitBreakers.Types.Thresholds thresholds, DecodeContext context)
    {
        context.Refuse(IsLimit(thresholds.MaxConnections), "max_connections");
        context.Refuse(IsLimit(thresholds.MaxPendingRequests), "max_pending_requests");
        context.Refuse(IsLimit(thresholds.MaxRequests), "max_requests");
        context.Refuse(IsLimit(thresholds.MaxRetries), "max_retries");
        context.Refuse(IsLimit(thresholds.MaxConnectionPools), "max_connection_pools");
    }

    private static bool IsLimit(uint? value) => value is < uint.MaxValue;
}
