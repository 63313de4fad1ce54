using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Xds.Tests.Routing;

/// <summary>Tables with many routes, whose paths nest, repeat and differ in case only, against a scan from the first route on.</summary>
public sealed class RouteIndexPropertyTests
{
    private const int Tables = 250;
    private const int RequestsEach = 4_000;

    private static readonly string[] Segments = ["a", "b", "ab", "A", "aB", "abc", "v1", "v2", "\u00E4", "K", "k", "a%20b"];
    private static readonly string[] Expressions = ["/a/[0-9]+", "/ab?/.*", "/v1|/v2", ".*", "/(a|b)/.*", "/v{1}1", "/a+", "/ab/v1"];

    [Fact]
    public void A_million_requests_take_the_route_that_an_ordered_scan_finds()
    {
        var random = new SeededRandom(2650);
        var matched = 0;
        for (var t = 0; t < Tables; t++)
        {
            var routes = Enumerable.Range(0, 16 + random.Next(200)).Select(i => Route(i, random)).ToArray();
            var table = RouteSamples.Table(RouteSamples.Host("all", ["*"], routes));
            var matchers = routes.Select(r => new RouteMatcher(r.Match, random)).ToArray();
            var requests = Enumerable.Range(0, 100).Select(_ => Request(random)).ToArray();
            for (var i = 0; i < RequestsEach; i++)
            {
                // Any path with any of the header sets: more pairs than requests that were made.
                var request = requests[random.Next(requests.Length)] with { Headers = requests[i % requests.Length].Headers };
                var first = Array.FindIndex(matchers, m => m.Matches(in request));
                var found = table.Match(in request);
                if (found != (first < 0 ? null : routes[first].Name))
                {
                    Assert.Fail($"table {t}, {request}: {found ?? "none"}, but the first to match is {first}");
                }

                matched += first < 0 ? 0 : 1;
            }
        }

        Assert.InRange(matched, Tables * RequestsEach / 5, Tables * RequestsEach * 99 / 100);
    }

    private static RouteEntryConfig Route(int number, SeededRandom random)
    {
        var kind = random.Next(20) == 0 ? PathMatchKind.Regex : (PathMatchKind)random.Next(3);
        var value = kind == PathMatchKind.Regex ? Expressions[random.Next(Expressions.Length)] : Path(random);
        var header = random.Next(3) == 0 ? null : new HeaderMatchConfig("h", new(StringMatchKind.Exact, $"{random.Next(8)}"), null, null);
        return RouteSamples.Route($"r{number}", new PathMatchConfig(kind, value, random.Next(3) > 0), header);
    }

    private static RequestStub Request(SeededRandom random) => new(
        PathText: Path(random),
        Headers: new Dictionary<string, string>(StringComparer.Ordinal) { ["h"] = $"{random.Next(8)}" });

    private static string Path(SeededRandom random)
    {
        // Half of them one segment above another, deeper than a walk may find prefixes.
        var depth = random.Next(2) == 0 ? 1 + random.Next(3) : 1 + random.Next(14);
        var deep = random.Next(2) == 0;
        return string.Concat(Enumerable.Range(0, depth).Select(_ => "/" + (deep ? "a" : Segments[random.Next(Segments.Length)])));
    }
}
