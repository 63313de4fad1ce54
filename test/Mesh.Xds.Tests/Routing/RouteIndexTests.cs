using ProxylessMesh.Xds.Config;
using static ProxylessMesh.Xds.Tests.Routing.RouteSamples;

namespace ProxylessMesh.Xds.Tests.Routing;

/// <summary>Virtual hosts with enough routes to be searched rather than scanned.</summary>
public sealed class RouteIndexTests
{
    private static readonly RouteEntryConfig[] Others =
        [.. Enumerable.Range(0, 2_000).Select(i => Route($"other{i}", new PathMatchConfig(i % 2 == 0 ? PathMatchKind.Exact : PathMatchKind.Prefix, $"/other/{i}")))];

    [Fact]
    public void The_first_of_a_wide_and_a_narrow_prefix_wins()
    {
        var wide = Route("wide", new PathMatchConfig(PathMatchKind.Prefix, "/a"));
        var narrow = Route("narrow", new PathMatchConfig(PathMatchKind.Exact, "/a/b"));

        Assert.Equal("wide", Match("/a/b", [wide, .. Others, narrow]));
        Assert.Equal("narrow", Match("/a/b", [narrow, .. Others, wide]));
    }

    [Fact]
    public void A_header_sends_a_request_past_a_route_to_a_later_one()
    {
        var jason = Route("jason", new PathMatchConfig(PathMatchKind.Prefix, "/a/b"), new HeaderMatchConfig("end-user", new(StringMatchKind.Exact, "jason"), null, null));
        var rest = Route("rest");

        Assert.Equal("rest", Match("/a/b", [jason, .. Others, rest]));
    }

    [Theory]
    [InlineData("/CASE/x", "case")]
    [InlineData("/case", "case")]
    [InlineData("/cas", null)]
    [InlineData("/c\u00C4se", "umlaut")]
    [InlineData("/\u212Aase", null)]
    public void Case_is_ignored_where_a_route_says_so(string path, string? expected)
    {
        var prefix = Route("case", new PathMatchConfig(PathMatchKind.Prefix, "/Case", CaseSensitive: false));
        var umlaut = Route("umlaut", new PathMatchConfig(PathMatchKind.Exact, "/c\u00E4se", CaseSensitive: false));
        var kelvin = Route("kelvin", new PathMatchConfig(PathMatchKind.Exact, "/kase"));

        Assert.Equal(expected, Match(path, [.. Others, kelvin, prefix, umlaut]));
    }

    [Theory]
    [InlineData("/v/12", "number")]
    [InlineData("/v/", null)]
    [InlineData("/x", "either")]
    [InlineData("/y", "either")]
    [InlineData("/z", "optional")]
    public void Expressions_are_found_by_what_they_begin_with(string path, string? expected) => Assert.Equal(expected, Match(path, [
        Route("number", new PathMatchConfig(PathMatchKind.Regex, "/v/[0-9]+")),
        .. Others,
        Route("either", new PathMatchConfig(PathMatchKind.Regex, "/x|/y")),
        Route("optional", new PathMatchConfig(PathMatchKind.Regex, "/zz?"))]));

    [Fact]
    public void Prefixes_of_prefixes_without_end_are_all_found()
    {
        var nested = Enumerable.Range(1, 60).Select(n => Route(
            $"n{n}", new PathMatchConfig(PathMatchKind.Prefix, "/" + new string('a', n)), new HeaderMatchConfig("n", new(StringMatchKind.Exact, $"{n}"), null, null)));
        var table = Table(Host("all", ["*"], [.. nested]));

        for (var n = 1; n <= 60; n++)
        {
            var request = new RequestStub(PathText: "/" + new string('a', 60), Headers: new Dictionary<string, string> { ["n"] = $"{n}" });
            Assert.Equal($"n{n}", table.Match(in request));
        }
    }

    private static string? Match(string path, RouteEntryConfig[] routes) =>
        Table(Host("all", ["*"], routes)).Match(new RequestStub(PathText: path));
}
