using Envoy.Config.Cluster.V3;
using ProxylessMesh.ControlPlane.Resources;
using Percent = Envoy.Type.V3.Percent;

namespace ProxylessMesh.ControlPlane.Translation.Clusters;

/// <summary>Istio limits nothing until told to, while Envoy's own defaults are 1024 and 3: so all limits are written out.</summary>
internal static class CircuitBreakerBuilder
{
    private const uint NoLimit = uint.MaxValue;

    public static CircuitBreakers Build(ConnectionPool? pool, RetryBudget? budget)
    {
        var thresholds = new CircuitBreakers.Types.Thresholds
        {
            MaxConnections = (uint?)pool?.MaxConnections ?? NoLimit,
            MaxPendingRequests = (uint?)pool?.MaxPendingRequests ?? NoLimit,
            MaxRequests = (uint?)pool?.MaxRequests ?? NoLimit,
            MaxRetries = (uint?)pool?.MaxRetries ?? NoLimit,
        };
        if (budget is not null)
        {
            thresholds.RetryBudget = new CircuitBreakers.Types.Thresholds.Types.RetryBudget
            {
                BudgetPercent = new Percent { Value = budget.Percent },
                MinRetryConcurrency = (uint)budget.MinRetryConcurrency,
            };
        }

        return new CircuitBreakers { Thresholds = { thresholds } };
    }

    /// <summary>Null where Istio's generator for gRPC writes nothing.</summary>
    public static CircuitBreakers? ForGrpc(ConnectionPool? pool) => pool?.MaxRequests is { } requests
        ? new CircuitBreakers { Thresholds = { new CircuitBreakers.Types.Thresholds { MaxRequests = (uint)requests } } }
        : null;
}
