using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Cors;
using ProxylessMesh.Client.Faults;
using ProxylessMesh.Client.HashPolicies;
using ProxylessMesh.Client.HeaderChanges;
using ProxylessMesh.Client.Redirects;
using ProxylessMesh.Client.Retries;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Routing;

/// <summary>A route, compiled: what to do with a request that matched it. One kind is set.</summary>
internal sealed class RouteModel
{
    private RouteModel(string name) => Name = name;

    /// <summary>As in the access log.</summary>
    public string Name { get; }

    /// <summary>Set for a route that forwards.</summary>
    public ClusterSplit? Clusters { get; private init; }

    /// <summary>Of the whole call; zero: none.</summary>
    public TimeSpan Timeout { get; private init; }

    /// <summary>Null: no retries.</summary>
    public RetryPolicyConfig? Retry { get; private init; }

    /// <summary>The conditions of <see cref="Retry"/> on headers; null: none.</summary>
    public RetryHeaders? RetryHeaders { get; private init; }

    /// <summary>Null: no hash policies.</summary>
    public RequestHasher? Hasher { get; private init; }

    /// <summary>Set for a route that answers by itself.</summary>
    public DirectResponseActionConfig? DirectResponse { get; private init; }

    /// <summary>Set for a route that sends its callers elsewhere.</summary>
    public RedirectModel? Redirect { get; private init; }

    /// <summary>Of the responses that the route makes itself; null: none.</summary>
    public HeaderChangeList? ReplyHeaders { get; private init; }

    /// <summary>Rewrites, header changes and mirrors of a route that forwards; null: none.</summary>
    public RouteEdits? Edits { get; private init; }

    /// <summary>Set for a route that this data plane cannot follow; says why.</summary>
    public string? Unsupported { get; private init; }

    /// <summary>Null: no faults are injected.</summary>
    public RouteFaults? Faults { get; private init; }

    /// <summary>Null: no CORS policy.</summary>
    public CorsPolicy? Cors { get; private init; }

    public static RouteModel Compile(RouteEntryConfig route, Func<string, ClusterState> clusters, RouteFaults? faults = null, CorsPolicy? cors = null) => route.Action switch
    {
        ForwardActionConfig forward => new RouteModel(route.Name)
        {
            Clusters = new ClusterSplit(forward.Clusters, clusters),
            Timeout = forward.Timeout ?? TimeSpan.Zero,
            RetryHeaders = RetryHeaders.Of(forward.Retry),
            Retry = forward.Retry is { MaxRetries: > 0 } retry ? retry : null,
            Hasher = RequestHasher.Compile(forward.HashPolicies),
            Edits = RouteEdits.From(route, forward, clusters),
            Faults = faults,
            Cors = cors,
        },
        DirectResponseActionConfig direct => new RouteModel(route.Name)
        {
            DirectResponse = direct,
            ReplyHeaders = HeaderChangeList.From(route.Headers.Response),
            Faults = faults,
            Cors = cors,
        },
        RedirectActionConfig redirect => new RouteModel(route.Name)
        {
            Redirect = new RedirectModel(redirect, route.Match.Path),
            ReplyHeaders = HeaderChangeList.From(route.Headers.Response),
            Faults = faults,
            Cors = cors,
        },
        UnsupportedActionConfig unsupported => new RouteModel(route.Name) { Unsupported = unsupported.Reason },
        _ => new RouteModel(route.Name) { Unsupported = "the route's action is meant for inbound listeners" },
    };
}
