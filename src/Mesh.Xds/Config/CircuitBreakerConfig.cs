namespace ProxylessMesh.Xds.Config;

/// <summary>How much a cluster takes on at once (circuit_breaker.proto, the thresholds of the default priority). <see cref="int.MaxValue"/> is no limit.</summary>
/// <param name="MaxConnections">HTTP/1.1 requests on connections of the cluster at a time.</param>
/// <param name="MaxPendingRequests">Requests that wait for such a connection.</param>
/// <param name="MaxRequests">Requests in flight, from the pick of an endpoint to the end of the body.</param>
/// <param name="MaxRetries">Retries under way; not used when there is a budget.</param>
/// <param name="RetryBudget">Limits retries to a share of the requests in flight; null: <paramref name="MaxRetries"/> counts.</param>
internal sealed record CircuitBreakerConfig(int MaxConnections, int MaxPendingRequests, int MaxRequests, int MaxRetries, RetryBudgetConfig? RetryBudget = null)
{
    /// <summary>Envoy's limits of a cluster that says nothing.</summary>
    public static CircuitBreakerConfig Default { get; } = new(1024, 1024, 1024, 3);
}
