using System.Globalization;
using System.Text.Json.Nodes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.ControlPlane.Explain;

/// <summary>What a route does to a call, besides choosing clusters. Absent facts are left out.</summary>
internal static class RouteFacts
{
    public static void Add(JsonObject result, ExplainedCall call, RouteEntryConfig route, ForwardActionConfig forward)
    {
        result["timeout"] = forward.Timeout is { Ticks: > 0 } timeout ? Say.Seconds(timeout) : "none";
        result["retries"] = Retries(forward.Retry);
        if (forward.HedgeOnPerTryTimeout)
        {
            result["hedging"] = "a try that takes too long goes on beside the next one";
        }

        if (forward.IdleTimeout is { Ticks: > 0 } idle)
        {
            result["idleTimeout"] = Say.Seconds(idle);
        }

        if (forward.PathRewrite is { } rewrite)
        {
            result["path"] = new PathRewriter(rewrite, route.Match.Path).Rewrite(call.Uri.AbsolutePath) + call.Uri.Query;
        }

        if (forward.HostRewrite is { } host)
        {
            result["host"] = host;
        }

        AddHeaders(result, route.Headers);
        AddList(result, "hashBy", forward.HashPolicies.Select(Describe));
        AddList(result, "mirror", forward.Mirrors.Select(m => $"{m.Cluster} ({Say.SharePerMillion(m.PerMillion)})"));
    }

    public static void AddHeaders(JsonObject result, HeaderMutationsConfig headers)
    {
        AddList(result, "requestHeader", headers.Request.Select(Describe));
        AddList(result, "responseHeader", headers.Response.Select(Describe));
    }

    /// <summary>Whose pages may call; where the chain has no such filter, nobody asks.</summary>
    public static void AddCors(JsonObject result, HttpConnectionConfig http, RouteConfig routes, VirtualHostConfig host, RouteEntryConfig route)
    {
        var filters = http.Filters.OfType<CorsFilterConfig>().ToList();
        var policy = filters.Select(f => (FilterOverrides.Effective(f, routes, host, route) as CorsFilterConfig)?.Policy).FirstOrDefault(p => p is not null);
        if (filters.Count > 0 && (policy ?? route.Cors) is { } cors)
        {
            AddList(result, "corsOrigin", cors.AllowOrigins.Select(o => $"{o.Kind.ToString().ToLowerInvariant()} {o.Value}"));
        }
    }

    /// <summary>Those of the filters of the chain, with what is set for this route in place of their own.</summary>
    public static void AddFaults(JsonObject result, HttpConnectionConfig http, RouteConfig routes, VirtualHostConfig host, RouteEntryConfig route) =>
        AddFaults(result, http.Filters.OfType<FaultFilterConfig>().Select(f => FilterOverrides.Effective(f, routes, host, route)));

    /// <summary>Of one cluster alone, where a route has several.</summary>
    public static void AddFaults(JsonObject result, EquatableArray<HttpFilterConfig> overrides) => AddFaults(result, overrides.AsEnumerable());

    public static string Describe(RedirectActionConfig redirect, ExplainedCall call, RouteEntryConfig route)
    {
        var path = redirect.Path ?? (redirect.Rewrite is { } rewrite ? new PathRewriter(rewrite, route.Match.Path).Rewrite(call.Uri.AbsolutePath) : call.Uri.AbsolutePath);
        var port = redirect.Port is { } number ? string.Create(CultureInfo.InvariantCulture, $":{number}") : "";
        var query = redirect.StripQuery || path.Contains('?', StringComparison.Ordinal) ? "" : call.Uri.Query;
        return $"redirected with {redirect.Status} to {redirect.Scheme ?? call.Uri.Scheme}://{redirect.Host ?? call.Uri.Host}{port}{path}{query}";
    }

    private static void AddFaults(JsonObject result, IEnumerable<HttpFilterConfig> filters) => AddList(
        result,
        "fault",
        filters.OfType<FaultFilterConfig>().Select(f => f.Fault).OfType<FaultConfig>().SelectMany(Describe));

    private static IEnumerable<string> Describe(FaultConfig fault)
    {
        if (fault.Delay is { } delay)
        {
            yield return $"{Say.Share(delay.Share)} delayed by {(delay.Fixed is { } wait ? Say.Seconds(wait) : "what a header asks for")}";
        }

        if (fault.Abort is { } abort)
        {
            var status = abort switch
            {
                { HttpStatus: { } http } => string.Create(CultureInfo.InvariantCulture, $"HTTP {http}"),
                { GrpcStatus: { } grpc } => string.Create(CultureInfo.InvariantCulture, $"gRPC status {grpc}"),
                _ => "what a header asks for",
            };
            yield return $"{Say.Share(abort.Share)} aborted with {status}";
        }
    }

    private static string Retries(RetryPolicyConfig? retry) => retry is not { MaxRetries: > 0 }
        ? "none"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{retry.MaxRetries} on {retry.Conditions}{(retry.StatusCodes.Count > 0 ? $" ({string.Join(", ", retry.StatusCodes)})" : "")}{(retry.PerTryTimeout is { } perTry ? $", each within {Say.Seconds(perTry)}" : "")}, first after {Say.Seconds(retry.BaseInterval)}{(retry.AvoidPreviousHosts ? ", elsewhere if possible" : "")}");

    private static string Describe(HeaderMutationConfig change) => change.Kind switch
    {
        HeaderMutationKind.Remove => $"remove {change.Name}",
        HeaderMutationKind.Append => $"add {change.Name}: {change.Value}",
        HeaderMutationKind.AddIfAbsent => $"add if absent {change.Name}: {change.Value}",
        HeaderMutationKind.SetIfPresent => $"set if present {change.Name}: {change.Value}",
        _ => $"set {change.Name}: {change.Value}",
    };

    private static string Describe(HashPolicyConfig policy) => policy.Kind switch
    {
        HashPolicyKind.Header => $"header {policy.Name}",
        HashPolicyKind.Cookie => $"cookie {policy.Name}",
        HashPolicyKind.QueryParameter => $"query parameter {policy.Name}",
        HashPolicyKind.SourceIp => "source address",
        _ => "this process",
    };

    private static void AddList(JsonObject result, string name, IEnumerable<string> values)
    {
        var list = new JsonArray([.. values.Select(v => JsonValue.Create(v))]);
        if (list.Count > 0)
        {
            result[name] = list;
        }
    }
}
