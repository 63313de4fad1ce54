using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Registry;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Tests.Model;

/// <summary>Small object graphs, said in few words.</summary>
internal static class Mesh
{
    public const string Tls = "security.istio.io/tlsMode=istio";

    public static readonly SourcePosition At = new("test.yaml", 1, 1);

    public static MeshModel Of(params object[] parts) => new(
        parts.OfType<MeshSettings>().SingleOrDefault() ?? new MeshSettings(),
        [.. parts.OfType<MeshObject>()],
        [.. parts.OfType<RegisteredWorkload>()]);

    public static ProxyView Client(string @namespace = "default", string labels = "", ProxyProfile profile = ProxyProfile.Mesh) =>
        new(profile, @namespace, "client", "client-1", Labels(labels), new LocalityId("", "", ""));

    /// <summary>"app=reviews,version=v1".</summary>
    public static EquatableMap Labels(string labels) => EquatableMap.From(
        labels.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).Select(kv => KeyValuePair.Create(kv[0], kv[1])));

    /// <summary>"default/reviews", or "reviews" in the default namespace; "@3" at the end: created that many days after the epoch.</summary>
    public static ObjectMeta Meta(string kind, string id, string annotations = "")
    {
        var aged = id.Split('@');
        var parts = aged[0].Split('/');
        DateTimeOffset? created = aged.Length > 1 ? DateTimeOffset.UnixEpoch.AddDays(int.Parse(aged[1], null)) : null;
        return new ObjectMeta(
            new ObjectId(kind, parts.Length > 1 ? parts[0] : "default", parts[^1]), EquatableMap.Empty, Labels(annotations), created, At);
    }

    public static Service Service(string id, string? selector = null, string annotations = "", params ServicePort[] ports)
    {
        var meta = Meta("Service", id, annotations);
        return new Service(meta, Labels(selector ?? $"app={meta.Id.Name}"), ports.Length == 0 ? [Port(9080)] : [.. ports]);
    }

    public static ServicePort Port(int number, string name = "http", int? target = null, string? targetName = null, PortProtocol protocol = PortProtocol.Http) =>
        new(number, name, protocol, target, targetName, At);

    public static ServiceEntry ServiceEntry(
        string id,
        string hosts,
        ServiceEntryResolution resolution = ServiceEntryResolution.Static,
        ServiceEntryLocation location = ServiceEntryLocation.MeshExternal,
        string exportTo = "",
        string selector = "",
        ServicePort? port = null,
        params WorkloadEndpoint[] endpoints) =>
        new(Meta("ServiceEntry", id), List(hosts), [port ?? Port(80)], location, resolution, [.. endpoints], Labels(selector), List(exportTo));

    public static WorkloadEndpoint Endpoint(
        string address, string labels = "", string ports = "", string? account = null, uint weight = 0, string locality = "//")
    {
        var where = locality.Split('/');
        return new WorkloadEndpoint(
            address, [.. Ports(ports)], Labels(labels), account, weight, new LocalityId(where[0], where[1], where[2]), At);
    }

    public static WorkloadEntry WorkloadEntry(string id, WorkloadEndpoint endpoint) => new(Meta("WorkloadEntry", id), endpoint);

    /// <summary>Authenticated and taking mTLS unless told otherwise; id "prod/reviews-v1-1".</summary>
    public static RegisteredWorkload Workload(
        string id,
        string labels,
        string address,
        string ports = "http=9080",
        string account = "reviews",
        bool mutualTls = true,
        bool authenticated = true,
        string locality = "//")
    {
        var parts = id.Split('/');
        var where = locality.Split('/');
        return new RegisteredWorkload(
            $"sidecar~{address}~{parts[^1]}",
            parts.Length > 1 ? parts[0] : "default",
            parts[^1],
            account,
            Labels(labels),
            address,
            Ports(ports),
            new LocalityId(where[0], where[1], where[2]),
            mutualTls,
            authenticated);
    }

    public static VirtualService VirtualService(string id, string hosts, string exportTo = "", string gateways = "", params HttpRoute[] http) =>
        new(Meta("VirtualService", id), List(hosts), List(gateways), List(exportTo), [.. http]);

    /// <summary>Destinations as "reviews:v1=90 reviews:v2=10", "reviews", "reviews@8080".</summary>
    public static HttpRoute Route(string to, string name = "", TimeSpan? timeout = null, HttpRetry? retries = null, params HttpMatch[] matches) =>
        new(name, [.. matches], [.. to.Split(' ').Select(Destination)], timeout, retries, At);

    public static HttpMatch Match(
        string name = "",
        StringPredicate? uri = null,
        bool ignoreCase = false,
        StringPredicate? method = null,
        StringPredicate? scheme = null,
        StringPredicate? authority = null,
        NamedPredicate[]? headers = null,
        NamedPredicate[]? without = null,
        NamedPredicate[]? query = null,
        int? port = null,
        string sourceLabels = "",
        string? sourceNamespace = null,
        string gateways = "") =>
        new(name, uri, ignoreCase, scheme, method, authority, [.. headers ?? []], [.. without ?? []], [.. query ?? []], port,
            Labels(sourceLabels), sourceNamespace, List(gateways), At);

    public static StringPredicate Exact(string value) => new(StringPredicateKind.Exact, value, At);

    public static StringPredicate Prefix(string value) => new(StringPredicateKind.Prefix, value, At);

    public static StringPredicate Regex(string value) => new(StringPredicateKind.Regex, value, At);

    public static NamedPredicate Named(string name, StringPredicate? value = null) => new(name, value, At);

    public static HttpRetry Retry(int attempts, string retryOn = "", TimeSpan? perTry = null, bool avoidPrevious = true, TimeSpan? backoff = null) =>
        new(attempts, perTry, List(retryOn), avoidPrevious, backoff, At);

    public static DestinationRule DestinationRule(
        string id, string host, TrafficPolicy? policy = null, string exportTo = "", params Subset[] subsets) =>
        new(Meta("DestinationRule", id), host, At, List(exportTo), policy, [.. subsets]);

    public static Subset Subset(string name, string labels, TrafficPolicy? policy = null) => new(name, Labels(labels), policy, At);

    public static TrafficPolicy Policy(
        SimpleLoadBalancer? balancer = null,
        TimeSpan? connectTimeout = null,
        OutlierDetection? outlier = null,
        ClientTlsMode? tls = null,
        params PortTrafficPolicy[] ports) =>
        new(
            balancer is { } simple ? new LoadBalancer(simple, At) : null,
            connectTimeout is { } timeout ? new ConnectionPool(timeout, At) : null,
            outlier,
            tls is { } mode ? new ClientTls(mode, At) : null,
            [.. ports]);

    public static PeerAuthentication PeerAuthentication(string id, MutualTlsMode mode, string selector = "", params (int Port, MutualTlsMode Mode)[] ports) =>
        new(Meta("PeerAuthentication", id), Labels(selector), mode, [.. ports.Select(p => KeyValuePair.Create(p.Port, p.Mode))]);

    private static HttpDestination Destination(string text)
    {
        var weighted = text.Split('=');
        var subset = weighted[0].Split(':');
        var host = subset[0].Split('@');
        return new HttpDestination(
            host[0],
            subset.Length > 1 ? subset[1] : null,
            host.Length > 1 ? int.Parse(host[1], null) : null,
            weighted.Length > 1 ? int.Parse(weighted[1], null) : 0,
            At);
    }

    private static ImmutableArray<KeyValuePair<string, int>> Ports(string ports) =>
        [.. Labels(ports).Entries.Select(p => KeyValuePair.Create(p.Key, int.Parse(p.Value, null)))];

    private static EquatableArray<string> List(string items) =>
        [.. items.Split(',', StringSplitOptions.RemoveEmptyEntries)];
}
