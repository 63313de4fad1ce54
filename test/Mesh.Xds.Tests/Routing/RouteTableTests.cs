using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;
using static ProxylessMesh.Xds.Tests.Routing.RouteSamples;

namespace ProxylessMesh.Xds.Tests.Routing;

/// <summary>gRFC A28: order decides, and every part of a match must hold.</summary>
public sealed class RouteTableTests
{
    private static readonly Dictionary<string, string> Jason = new() { ["end-user"] = "jason" };

    [Fact]
    public void The_first_route_that_matches_wins()
    {
        var table = Table(Host(
            "reviews",
            ["reviews:9080"],
            Route("jason", header: new HeaderMatchConfig("end-user", new(StringMatchKind.Exact, "jason"), null, null)),
            Route("everyone"),
            Route("never")));

        Assert.Equal("jason", table.Match(new RequestStub(Headers: Jason)));
        Assert.Equal("everyone", table.Match(default(RequestStub) with { Authority = "reviews:9080", PathText = "/" }));
    }

    [Fact]
    public void Every_part_must_hold()
    {
        var route = Route(
            "r",
            new PathMatchConfig(PathMatchKind.Exact, "/a"),
            new HeaderMatchConfig("end-user", null, null, true),
            new QueryMatchConfig("v", null));

        Assert.True(Matches(route, new RequestStub(PathText: "/a", QueryText: "v", Headers: Jason)));
        Assert.False(Matches(route, new RequestStub(PathText: "/b", QueryText: "v", Headers: Jason)));
        Assert.False(Matches(route, new RequestStub(PathText: "/a", QueryText: "v")));
        Assert.False(Matches(route, new RequestStub(PathText: "/a", Headers: Jason)));
    }

    [Fact]
    public void An_unknown_authority_has_no_route() => Assert.Null(Table(Host("a", ["a"], Route("a"))).Match(new RequestStub("b")));

    [Fact]
    public void A_route_is_compiled_once_however_many_domains_lead_to_it()
    {
        var compiled = 0;
        var config = new RouteConfig("r", [Host("h", ["a", "b", "*.c"], Route("one"), Route("two"))]);

        _ = new RouteTable<string>(config, (host, route) => $"{host.Name}{route.Name}{++compiled}", new SeededRandom(1));

        Assert.Equal(2, compiled);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1_000_000, 100_000)]
    [InlineData(null, 100_000)]
    public void None_and_all_are_exact_shares(int? perMillion, int expected) => Assert.Equal(expected, Hits(perMillion));

    [Fact]
    public void A_share_of_requests_matches() => Assert.InRange(Hits(250_000), 24_000, 26_000);

    private static int Hits(int? perMillion)
    {
        var table = Table(new SeededRandom(7), Host("h", ["*"], Route("hit", perMillion: perMillion)));
        var hits = 0;
        for (var i = 0; i < 100_000; i++)
        {
            hits += table.Match(new RequestStub("x")) is null ? 0 : 1;
        }

        return hits;
    }
}
