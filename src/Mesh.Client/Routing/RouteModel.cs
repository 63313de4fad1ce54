using ProxylessMesh.Client.AttemptHeaders;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Cors;
using ProxylessMesh.Client.Faults;
using ProxylessMesh.Client.HashPolicies;
using ProxylessMesh.Client.HeaderChanges;
using ProxylessMesh.Client.Redirects;
using ProxylessMesh.Client.Retries;
using ProxylessMesh.Client.Sessions;
using ProxylessMesh.Client.Timeouts;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.Routing;

/// <summary>A route, compiled: what to do with a request that matched it. One kind is set.</summary>
internal sealed class RouteModel
{
    private RouteModel(string name) => Name = name;

    /// <summary>As in the access log.</summary>
    public string Name { get; }

    /// <summary>Set for a route that forwards.</summary>
    public ClusterSplit? Clusters { get; private init; }

    /// <summary>The name with the object that it comes from, for sentences: <c>route "canary" of VirtualService default/reviews</c>.</summary>
    public string Described { get; private init; } = "";

    public CallTimeouts Timeouts { get; private init; } = CallTimeouts.None;

    /// <summary>What upstreams are told of an attempt; null: nothing.</summary>
    public AttemptMarks? Marks { get; private init; }

    /// <summary>Whether responses say which attempt they are of.</summary>
    public bool MarksResponses { get; private init; }

    /// <summary>Bytes of a body that are kept for retries.</summary>
    public int ReplayLimit { get; private init; }

    /// <summary>Another attempt joins one that takes longer than the per-try timeout.</summary>
    public bool Hedges { get; private init; }

    /// <summary>Null: no retries.</summary>
    public RetryPolicyConfig? Retry { get; private init; }

    /// <summary>How long one attempt waits for the headers of its response; null: as long as the call may.</summary>
    public TimeSpan? PerTryTimeout { get; private init; }

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

    /// <summary>Null: no sessions.</summary>
    public SessionAffinity? Sessions { get; private init; }

    /// <summary>The cluster of a call along a route that forwards.</summary>
    /// <param name="request">Of the call.</param>
    /// <param name="random">Dice.</param>
    /// <param name="index">Of the cluster in the route's list.</param>
    public ClusterState Choose(HttpRequestMessage request, IRandomSource random, out int index) =>
        Sessions is null ? Clusters!.Choose(random, out index) : Clusters!.Choose(Sessions.Find(request)?.Cluster, random, out index);

    /// <param name="route">The route.</param>
    /// <param name="clusters">By name.</param>
    /// <param name="faults">Of the route.</param>
    /// <param name="cors">Of the route.</param>
    /// <param name="sessions">Of the route.</param>
    /// <param name="http">What holds for all routes of the listener; null: nothing.</param>
    public static RouteModel Compile(
        RouteEntryConfig route, Func<string, ClusterState> clusters, RouteFaults? faults = null, CorsPolicy? cors = null, HttpConnectionConfig? http = null, SessionAffinity? sessions = null) =>
        route.Action switch
    {
        ForwardActionConfig forward => new RouteModel(route.Name)
        {
            Clusters = new ClusterSplit(forward.Clusters, clusters),
            Described = Describe(route),
            Timeouts = CallTimeouts.Compile(forward, http),
            Marks = AttemptMarks.From(forward, http),
            MarksResponses = forward.AttemptCountInResponse,
            ReplayLimit = forward.ReplayLimit ?? ReplayContent.DefaultLimit,

            // A session's requests go to one endpoint: there is no other one to send them to at the same time.
            Hedges = forward.HedgeOnPerTryTimeout && sessions is null,
            PerTryTimeout = forward.Retry is { } policy ? Shorter(policy.PerTryTimeout, policy.PerTryIdleTimeout) : null,
            RetryHeaders = RetryHeaders.Of(forward.Retry),
            Retry = forward.Retry is { MaxRetries: > 0 } retry ? retry : null,
            Hasher = RequestHasher.Compile(forward.HashPolicies),
            Edits = RouteEdits.From(route, forward, clusters),
            Sessions = sessions,
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

    /// <summary>Until the headers come nothing of the response moves, so the idle timeout of an attempt runs, too.</summary>
    private static TimeSpan? Shorter(TimeSpan? a, TimeSpan? b) => a is null || b < a ? b : a;

    private static string Describe(RouteEntryConfig route) => (route.Name, route.Origin) switch
    {
        ("", null) => "",
        ("", var origin) => $"route of {origin}",
        (var name, null) => $"route \"{name}\"",
        var (name, origin) => $"route \"{name}\" of {origin}",
    };
}
