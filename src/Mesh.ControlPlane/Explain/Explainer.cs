using System.Globalization;
using System.Text.Json.Nodes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Dependencies;
using ProxylessMesh.Xds.Randomness;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.ControlPlane.Explain;

/// <summary>
/// What would become of a call: a client's own routing code decides over what a client has. The result is a tree of names and
/// values, which is printed as text or JSON; where the configuration came from makes no difference.
/// </summary>
internal static class Explainer
{
    /// <param name="call">The call.</param>
    /// <param name="service">What is known of its host; not looked at for a call that is not routed.</param>
    public static JsonObject Explain(ExplainedCall call, ServiceState? service)
    {
        var result = new JsonObject { ["request"] = $"{call.Method} {call.Uri}", ["from"] = call.From };
        if (!call.IsRouted)
        {
            result["result"] = "the application's own TLS passes by the mesh: call http:// to have it routed";
        }
        else if (service?.Error is { } error)
        {
            result["result"] = $"the configuration of {call.ListenerName} cannot be used, and what was known before stays in force: {error.Message}";
        }
        else if (service?.Snapshot is not { } snapshot)
        {
            result["result"] = $"{call.ListenerName} is not known to the mesh: the call is HttpClient's own";
        }
        else
        {
            result["listener"] = call.ListenerName;
            result["routes"] = snapshot.Routes.Name;
            AddRoute(result, call, snapshot);
        }

        return result;
    }

    private static void AddRoute(JsonObject result, ExplainedCall call, ServiceSnapshot snapshot)
    {
        var found = RouteExplainer.Explain(snapshot.Routes, new ExplainedRequest(call), SystemRandomSource.Instance);
        result["virtualHost"] = found.Host?.Name;
        result["passedOver"] = new JsonArray([.. found.Missed.Select(m => new JsonObject { ["route"] = NameOf(m.Route), ["reason"] = m.Reason })]);
        if (found.Host is not { } host || found.Route is not { } route)
        {
            result["result"] = found.Host is null ? "no virtual host has this authority: 404 (NR)" : "no route matches: 404 (NR)";
            return;
        }

        result["route"] = NameOf(route);
        if (route.Origin is { } origin)
        {
            result["source"] = origin;
        }

        RouteFacts.AddCors(result, snapshot.Listener.Http, snapshot.Routes, host, route);
        RouteFacts.AddFaults(result, snapshot.Listener.Http, snapshot.Routes, host, route);
        switch (route.Action)
        {
            case ForwardActionConfig forward:
                RouteFacts.Add(result, call, route, forward);
                var total = forward.Clusters.Sum(c => (double)c.Weight);
                result["clusters"] = new JsonArray(
                    [.. forward.Clusters.Select(share => ClusterFacts.Of(share, total, snapshot))]);
                break;
            case DirectResponseActionConfig direct:
                result["result"] = string.Create(CultureInfo.InvariantCulture, $"answered with {direct.Status}: {direct.Body}");
                break;
            case RedirectActionConfig redirect:
                result["result"] = RouteFacts.Describe(redirect, call, route);
                break;
            case UnsupportedActionConfig unsupported:
                result["result"] = $"answered with 501: {unsupported.Reason}";
                break;
            default:
                result["result"] = "the route is for inbound listeners and forwards nothing";
                break;
        }
    }

    private static string NameOf(RouteEntryConfig route) => route.Name.Length > 0 ? route.Name : "(no name)";
}
