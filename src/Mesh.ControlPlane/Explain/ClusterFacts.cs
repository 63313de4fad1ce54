using System.Globalization;
using System.Text.Json.Nodes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Dependencies;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.ControlPlane.Explain;

/// <summary>A cluster that a call may go to, and its endpoints.</summary>
internal static class ClusterFacts
{
    public static JsonObject Of(WeightedClusterConfig share, double total, ServiceSnapshot service)
    {
        var found = service.Clusters.GetValueOrDefault(share.Cluster);
        var result = new JsonObject { ["name"] = share.Cluster, ["share"] = Say.Share(share.Weight / total) };
        if (share.HostRewrite is { } host)
        {
            result["host"] = host;
        }

        RouteFacts.AddHeaders(result, share.Headers);
        RouteFacts.AddFaults(result, share.FilterOverrides);
        if (found?.Config is not { } cluster)
        {
            result["result"] = $"503 (NC): {found?.Error ?? "it does not exist"}";
            return result;
        }

        result["discovery"] = cluster.Discovery.ToString();
        result["loadBalancing"] = cluster.LoadBalancing.Policy.ToString();
        result["connectTimeout"] = Say.Seconds(cluster.ConnectTimeout);
        result["limits"] = Limits(cluster.CircuitBreakers);
        result["outlierDetection"] = Outliers(cluster.OutlierDetection);
        IEnumerable<ClusterSnapshot> leaves = found.Leaves.Count == 0 ? [found] : found.Leaves.Select(name => service.Clusters[name]);
        result["endpoints"] = new JsonArray([.. leaves.SelectMany(Endpoints)]);
        return result;
    }

    private static IEnumerable<JsonObject> Endpoints(ClusterSnapshot leaf) =>
        from locality in leaf.Endpoints?.Localities ?? []
        orderby locality.Priority
        from endpoint in locality.Endpoints
        select new JsonObject
        {
            ["address"] = endpoint.Authority,
            ["health"] = endpoint.Health.ToString().ToLowerInvariant(),
            ["priority"] = locality.Priority,
            ["locality"] = locality.Id.ToString().TrimEnd('/') is { Length: > 0 } place ? place : "no locality",
            ["weight"] = endpoint.Weight,
            ["tls"] = Tls(TlsSelection.For(leaf.Config!, endpoint)),
        };

    private static string Limits(CircuitBreakerConfig breakers)
    {
        var retries = breakers.RetryBudget is { } budget ? string.Create(CultureInfo.InvariantCulture, $"{budget.Percent} %") : Say.Limit(breakers.MaxRetries);
        return $"connections {Say.Limit(breakers.MaxConnections)}, pending {Say.Limit(breakers.MaxPendingRequests)}, requests {Say.Limit(breakers.MaxRequests)}, retries {retries}";
    }

    private static string Outliers(OutlierDetectionConfig? outliers)
    {
        if (outliers is null)
        {
            return "off";
        }

        string?[] rules =
        [
            outliers.Consecutive5xx > 0 ? string.Create(CultureInfo.InvariantCulture, $"{outliers.Consecutive5xx} server errors in a row") : null,
            outliers.ConsecutiveGatewayFailures > 0 ? string.Create(CultureInfo.InvariantCulture, $"{outliers.ConsecutiveGatewayFailures} gateway errors in a row") : null,
            outliers.SuccessRate is not null ? "success rate" : null,
            outliers.FailurePercentage is not null ? "failure percentage" : null,
            outliers.ConsecutiveLocalOriginFailures > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{outliers.ConsecutiveLocalOriginFailures} attempts without a response in a row") : null,
            outliers.SweepsLocalOrigin ? "share of attempts without a response" : null,
        ];
        return $"{string.Join(", ", rules.OfType<string>())}: out for {Say.Seconds(outliers.BaseEjectionTime)}, at most {outliers.MaxEjectionPercent} % of endpoints";
    }

    private static string Tls(UpstreamTlsConfig? tls) => tls switch
    {
        null => "plaintext",
        { Origination: { } origination } =>
            $"{(origination.CertificateFile is null ? "TLS" : "mutual TLS with a certificate from files")} to {(tls.ServerName.Length > 0 ? tls.ServerName : "the endpoint's name")}{(origination.AcceptUntrusted ? ", not verified" : "")}",
        _ => "mutual TLS of the mesh",
    };
}
