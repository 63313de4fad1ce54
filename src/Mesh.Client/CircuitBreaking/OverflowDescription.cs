using System.Globalization;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.CircuitBreaking;

/// <summary>The sentence for a caller whom a circuit breaker turned away.</summary>
internal static class OverflowDescription
{
    public static string Of(ClusterState cluster, Admission admission)
    {
        var limits = cluster.Model.Config?.CircuitBreakers ?? CircuitBreakerConfig.Default;
        var reached = admission == Admission.TooManyPending
            ? string.Create(CultureInfo.InvariantCulture, $"{limits.MaxPendingRequests} requests wait for one of {limits.MaxConnections} connections (max_pending_requests)")
            : string.Create(CultureInfo.InvariantCulture, $"{limits.MaxRequests} requests are in flight (max_requests)");
        return $"circuit breaker of {cluster.Name}: {reached}";
    }
}
