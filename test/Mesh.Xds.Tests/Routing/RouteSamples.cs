using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Xds.Tests.Routing;

/// <summary>Short ways to write a route configuration.</summary>
internal static class RouteSamples
{
    public static PathMatchConfig AnyPath { get; } = new(PathMatchKind.Prefix, "/");

    public static RouteEntryConfig Route(
        string name,
        PathMatchConfig? path = null,
        HeaderMatchConfig? header = null,
        QueryMatchConfig? query = null,
        int? perMillion = null) =>
        new(
            name,
            new RouteMatchConfig(path ?? AnyPath, header is null ? [] : [header], query is null ? [] : [query], perMillion),
            NonForwardingActionConfig.Instance);

    public static VirtualHostConfig Host(string name, string[] domains, params RouteEntryConfig[] routes) =>
        new(name, domains.ToEquatableArray(), routes.ToEquatableArray());

    /// <summary>A table whose result is the name of the route.</summary>
    public static RouteTable<string> Table(IRandomSource random, params VirtualHostConfig[] hosts) =>
        new(new RouteConfig("routes", hosts.ToEquatableArray()), (_, route) => route.Name, random);

    public static RouteTable<string> Table(params VirtualHostConfig[] hosts) => Table(new SeededRandom(1), hosts);

    public static bool Matches(RouteEntryConfig route, RequestStub request) =>
        Table(Host("all", ["*"], route)).Match(request) is not null;
}
