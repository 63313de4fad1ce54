using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Benchmarks.Routes;

/// <summary>A kind of route table, and the requests that take its first route, its last one, and none.</summary>
internal sealed record RouteMix(string Name, Func<int, RouteMatchConfig> Route, Func<int, RouteRequest> Request)
{
    private const int SpreadCount = 1_000;

    public static RouteMix Exact { get; } = new(
        "exact", i => Path(PathMatchKind.Exact, $"/api/v1/products/{i}/reviews"), i => new($"/api/v1/products/{i}/reviews", ""));

    public static RouteMix Prefix { get; } = new(
        "prefix", i => Path(PathMatchKind.Prefix, $"/api/v1/products/{i}/"), i => new($"/api/v1/products/{i}/reviews/7", ""));

    /// <summary>Every second route is an exact path, and the others are prefixes, plain or by segments.</summary>
    public static RouteMix Both { get; } = new(
        "exact+prefix",
        i => i % 2 == 0 ? Exact.Route(i) : i % 4 == 1 ? Prefix.Route(i) : Path(PathMatchKind.SegmentPrefix, $"/api/v1/products/{i}"),
        i => new($"/api/v1/products/{i}/reviews", ""));

    /// <summary>A tenth of the paths, each with ten routes that look at a header.</summary>
    public static RouteMix Header { get; } = new(
        "header",
        i => Path(PathMatchKind.Prefix, $"/api/v1/products/{i / 10}/") with { Headers = [new HeaderMatchConfig("tenant", new(StringMatchKind.Exact, $"t{i % 10}"), null, null)] },
        i => new($"/api/v1/products/{i / 10}/reviews", $"t{i % 10}"));

    /// <summary>Regular expressions with a literal beginning, as people write them.</summary>
    public static RouteMix Regex { get; } = new(
        "regex", i => Path(PathMatchKind.Regex, $"/api/v1/products-{i}/[0-9]+/.*"), i => new($"/api/v1/products-{i}/12/reviews", ""));

    /// <summary>A request for each of some routes all over the table.</summary>
    public RouteRequest[] Spread(int size) => [.. Enumerable.Range(0, SpreadCount).Select(i => Request((int)((long)i * 7919 % size)))];

    public RouteConfig Table(int size) => new("bench", [new VirtualHostConfig(
        "reviews",
        ["reviews:9080"],
        Enumerable.Range(0, size).Select(i => new RouteEntryConfig($"r{i}", Route(i), NonForwardingActionConfig.Instance)).ToEquatableArray())]);

    private static RouteMatchConfig Path(PathMatchKind kind, string value) => new(new PathMatchConfig(kind, value), [], [], null);
}
