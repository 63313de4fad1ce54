using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Clusters;

/// <summary>CircuitBreakers: the first thresholds of the default priority, which every request has (gRFC A32).</summary>
internal static class CircuitBreakerDecoder
{
    private const double DefaultBudgetPercent = 20;
    private const uint DefaultBudgetConcurrency = 3;

    public static CircuitBreakerConfig Decode(CircuitBreakers? breakers, DecodeContext context)
    {
        if (breakers is null)
        {
            return CircuitBreakerConfig.Default;
        }

        using (context.Enter("circuit_breakers"))
        {
            RefusePerHost(breakers, context);
            for (var i = 0; i < breakers.Thresholds.Count; i++)
            {
                if (breakers.Thresholds[i].Priority == RoutingPriority.Default)
                {
                    using (context.Enter("thresholds", i))
                    {
                        return Decode(breakers.Thresholds[i], context);
                    }
                }
            }
        }

        return CircuitBreakerConfig.Default;
    }

    private static CircuitBreakerConfig Decode(CircuitBreakers.Types.Thresholds thresholds, DecodeContext context)
    {
        var unset = CircuitBreakerConfig.Default;
        context.Refuse(IsLimit(thresholds.MaxConnectionPools), "max_connection_pools");
        return new CircuitBreakerConfig(
            Limit(thresholds.MaxConnections, unset.MaxConnections),
            Limit(thresholds.MaxPendingRequests, unset.MaxPendingRequests),
            Limit(thresholds.MaxRequests, unset.MaxRequests),
            Limit(thresholds.MaxRetries, unset.MaxRetries),
            Budget(thresholds.RetryBudget, context));
    }

    private static RetryBudgetConfig? Budget(CircuitBreakers.Types.Thresholds.Types.RetryBudget? budget, DecodeContext context)
    {
        if (budget is null)
        {
            return null;
        }

        var percent = budget.BudgetPercent?.Value ?? DefaultBudgetPercent;
        if (percent is not (>= 0 and <= 100))
        {
            context.Error("retry_budget.budget_percent", "must be 0 to 100");
        }

        return new RetryBudgetConfig(percent, Limit(budget.MinRetryConcurrency ?? DefaultBudgetConcurrency, 0));
    }

    /// <summary>Envoy reads max_connections only; there is no such limit per endpoint here.</summary>
    private static void RefusePerHost(CircuitBreakers breakers, DecodeContext context)
    {
        for (var i = 0; i < breakers.PerHostThresholds.Count; i++)
        {
            using (context.Enter("per_host_thresholds", i))
            {
                context.Refuse(IsLimit(breakers.PerHostThresholds[i].MaxConnections), "max_connections");
            }
        }
    }

    /// <summary>Istio writes the largest number for "no limit".</summary>
    private static int Limit(uint? value, int unset) => value is { } limit ? (int)Math.Min(limit, int.MaxValue) : unset;

    private static bool IsLimit(uint? value) => value is < uint.MaxValue;
}
