using System.Globalization;
using System.Text.Json.Nodes;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;
using ProxylessMesh.Xds.Resources;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.ControlPlane.Explain;

/// <summary>
/// What would become of a call: the resources are translated and decoded as for a real client, and its routing code decides.
/// The result is a tree of names and values, which is printed as text or JSON.
/// </summary>
internal sealed class Explainer(MeshModel model, ProxyView proxy)
{
    public JsonObject Explain(string method, Uri uri, IReadOnlyDictionary<string, string> headers)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{uri.Host}:{uri.Port}");
        var result = new JsonObject { ["request"] = $"{method} {uri}", ["from"] = $"{proxy.WorkloadName}.{proxy.Namespace}" };
        if (uri.Scheme != Uri.UriSchemeHttp)
        {
            result["result"] = "the application's own TLS passes by the mesh: call http:// to have it routed";
            return result;
        }

        if (Decode(ResourceKinds.Listener, TypeUrl.Listener, name) is not OutboundListenerConfig listener)
        {
            result["result"] = $"{name} is not known to the mesh: the call is HttpClient's own";
            return result;
        }

        result["listener"] = name;
        var routes = listener.Http.InlineRoutes ?? Decode(ResourceKinds.Route, TypeUrl.Route, listener.Http.RouteConfigName!);
        result["routes"] = routes?.Name ?? listener.Http.RouteConfigName;
        if (routes is not null)
        {
            AddRoute(result, RouteExplainer.Explain(routes, new ExplainedRequest(method, uri, headers), SystemRandomSource.Instance));
        }

        return result;
    }

    private void AddRoute(JsonObject result, RouteExplanation found)
    {
        result["virtualHost"] = found.Host?.Name;
        result["passedOver"] = new JsonArray([.. found.Missed.Select(m => new JsonObject { ["route"] = NameOf(m.Route), ["reason"] = m.Reason })]);
        if (found.Route is not { } route)
        {
            result["result"] = found.Host is null ? "no virtual host has this authority: 404 (NR)" : "no route matches: 404 (NR)";
            return;
        }

        result["route"] = NameOf(route);
        AddFaults(result, route);
        switch (route.Action)
        {
            case ForwardActionConfig forward:
                result["timeout"] = forward.Timeout is { Ticks: > 0 } timeout ? Seconds(timeout) : "none";
                result["retries"] = Retries(forward.Retry);
                result["clusters"] = new JsonArray([.. forward.Clusters.Select(share => Cluster(share, forward.Clusters))]);
                break;
            case DirectResponseActionConfig direct:
                result["result"] = string.Create(CultureInfo.InvariantCulture, $"answered with {direct.Status}: {direct.Body}");
                break;
            case UnsupportedActionConfig unsupported:
                result["result"] = $"answered with 501: {unsupported.Reason}";
                break;
            default:
                result["result"] = route.Action.GetType().Name.Replace("ActionConfig", "", StringComparison.Ordinal).ToLowerInvariant();
                break;
        }
    }

    private static void AddFaults(JsonObject result, RouteEntryConfig route)
    {
        foreach (var fault in route.FilterOverrides.OfType<FaultFilterConfig>().Select(f => f.Fault).OfType<FaultConfig>())
        {
            result["faults"] = string.Join(", ", new[]
            {
                fault.Delay is { Fixed: { } wait } delay ? $"{Share(delay.Share)} delayed by {Seconds(wait)}" : null,
                fault.Abort is { } abort ? $"{Share(abort.Share)} aborted with {(abort.HttpStatus is { } http ? $"HTTP {http}" : $"gRPC status {abort.GrpcStatus}")}" : null,
            }.OfType<string>());
        }
    }

    private JsonObject Cluster(WeightedClusterConfig share, EquatableArray<WeightedClusterConfig> all)
    {
        var total = all.Sum(c => (double)c.Weight);
        var result = new JsonObject { ["name"] = share.Cluster, ["share"] = string.Create(CultureInfo.InvariantCulture, $"{share.Weight / total:0.###%}") };
        if (Decode(ResourceKinds.Cluster, TypeUrl.Cluster, share.Cluster) is not { } cluster)
        {
            result["result"] = "it does not exist: 503 (NC)";
            return result;
        }

        var endpoints = cluster.Discovery == ClusterDiscovery.Eds ? Decode(ResourceKinds.Endpoints, TypeUrl.Endpoints, cluster.EdsServiceName) : cluster.InlineEndpoints;
        result["discovery"] = cluster.Discovery.ToString();
        result["connectTimeout"] = Seconds(cluster.ConnectTimeout);
        result["tls"] = Tls(cluster);
        result["outlierDetection"] = cluster.OutlierDetection is null ? "off" : "on";
        result["endpoints"] = new JsonArray([.. (endpoints?.Localities ?? []).SelectMany(l => l.Endpoints).Select(e => JsonValue.Create($"{e.Authority} {e.Health.ToString().ToLowerInvariant()}"))]);
        return result;
    }

    private static string Tls(ClusterConfig cluster) => cluster switch
    {
        { TlsMatches.Count: > 0 } => "mutual TLS of the mesh where the endpoint can",
        { Tls.Origination: { } origination } => $"{(origination.CertificateFile is null ? "TLS" : "mutual TLS with a certificate from files")} to {(cluster.Tls.ServerName.Length > 0 ? cluster.Tls.ServerName : "the endpoint's name")}{(origination.AcceptUntrusted ? ", not verified" : "")}",
        { Tls: not null } => "mutual TLS of the mesh",
        _ => "none",
    };

    private static string Retries(RetryPolicyConfig? retry) => retry is not { MaxRetries: > 0 }
        ? "none"
        : string.Create(CultureInfo.InvariantCulture, $"{retry.MaxRetries} on {retry.Conditions}{(retry.PerTryTimeout is { } perTry ? $", each within {Seconds(perTry)}" : "")}");

    private static string NameOf(RouteEntryConfig route) => route.Name.Length > 0 ? route.Name : "(no name)";

    private static string Share(FractionConfig share) => string.Create(CultureInfo.InvariantCulture, $"{(double)share.Numerator / share.Denominator:0.####%}");

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");

    private T? Decode<T>(ResourceKind<T> kind, string typeUrl, string name)
        where T : class =>
        ResourceTranslator.Translate(model, proxy, typeUrl, name) is { } resource ? kind.Decode(resource.Bytes).Value as T : null;
}
