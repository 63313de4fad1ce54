using ProxylessMesh.Xds.Config;
using static ProxylessMesh.Xds.Tests.Routing.RouteSamples;

namespace ProxylessMesh.Xds.Tests.Routing;

/// <summary>The request path allocates nothing for routing.</summary>
public sealed class RouteTableAllocationTests
{
    [Fact]
    public void A_match_allocates_nothing()
    {
        var table = Table(
            Host("one", ["reviews:9080", "*.reviews.example.com", "reviews.*"],
                Route("exact", new PathMatchConfig(PathMatchKind.Exact, "/nope")),
                Route("segment", new PathMatchConfig(PathMatchKind.SegmentPrefix, "/nope", CaseSensitive: false)),
                Route("regex", new PathMatchConfig(PathMatchKind.Regex, "/v[0-9]+/nope")),
                Route("header", header: new HeaderMatchConfig("end-user", new(StringMatchKind.Regex, "j.*x"), null, null)),
                Route("range", header: new HeaderMatchConfig("number", null, new Int64RangeConfig(1, 5), null)),
                Route("path", header: new HeaderMatchConfig(":path", new(StringMatchKind.Contains, "nope"), null, null)),
                Route("query", query: new QueryMatchConfig("v", new(StringMatchKind.Prefix, "no"))),
                Route("dice", perMillion: 0),
                Route("found")),
            Host("any", ["*"], Route("any")));
        var headers = new Dictionary<string, string> { ["end-user"] = "jason", ["number"] = "7" };
        var requests = new RequestStub[]
        {
            new("reviews:9080", "/v1/reviews/0", "a=1&v=2", Headers: headers),
            new("x.reviews.example.com", "/v1/reviews/0", "a=1&v=2", Headers: headers),
            new("reviews.prod:80", "/v1/reviews/0", "a=1&v=2", Headers: headers),
            new("elsewhere", "/", Headers: headers),
        };
        var found = 0;
        Run(1000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(1000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.Equal(2 * 4 * 1000, found);

        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                foreach (ref readonly var request in requests.AsSpan())
                {
                    found += table.Match(in request) is null ? 0 : 1;
                }
            }
        }
    }
}
