using ProxylessMesh.Xds.Config;
using static ProxylessMesh.Xds.Tests.Routing.RouteSamples;

namespace ProxylessMesh.Xds.Tests.Routing;

/// <summary>route_components.proto, RouteMatch.path_specifier and case_sensitive.</summary>
public sealed class PathMatchTests
{
    [Theory]
    [InlineData(PathMatchKind.Exact, "/a", "/a", true)]
    [InlineData(PathMatchKind.Exact, "/a", "/a/", false)]
    [InlineData(PathMatchKind.Exact, "/a", "/A", false)]
    [InlineData(PathMatchKind.Prefix, "", "/anything", true)]
    [InlineData(PathMatchKind.Prefix, "/", "/anything", true)]
    [InlineData(PathMatchKind.Prefix, "/a", "/ab", true)]
    [InlineData(PathMatchKind.Prefix, "/a", "/b", false)]
    [InlineData(PathMatchKind.SegmentPrefix, "/a", "/a", true)]
    [InlineData(PathMatchKind.SegmentPrefix, "/a", "/a/", true)]
    [InlineData(PathMatchKind.SegmentPrefix, "/a", "/a/b", true)]
    [InlineData(PathMatchKind.SegmentPrefix, "/a", "/ab", false)]
    [InlineData(PathMatchKind.SegmentPrefix, "/a", "/", false)]
    [InlineData(PathMatchKind.Regex, "/a/[0-9]+", "/a/12", true)]
    [InlineData(PathMatchKind.Regex, "/a/[0-9]+", "/a/12/b", false)]
    [InlineData(PathMatchKind.Regex, "/a|/b", "/b", true)]
    [InlineData(PathMatchKind.Regex, "/a|/b", "/ab", false)]
    public void Path_kinds(PathMatchKind kind, string value, string path, bool expected) =>
        Assert.Equal(expected, Matches(Route("r", new PathMatchConfig(kind, value)), new RequestStub(PathText: path)));

    [Theory]
    [InlineData(PathMatchKind.Exact, "/AB", true)]
    [InlineData(PathMatchKind.Prefix, "/Abc", true)]
    [InlineData(PathMatchKind.SegmentPrefix, "/aB/c", true)]
    [InlineData(PathMatchKind.Regex, "/AB", false)]
    public void Case_is_ignored_when_asked_but_never_in_expressions(PathMatchKind kind, string path, bool expected) =>
        Assert.Equal(expected, Matches(Route("r", new PathMatchConfig(kind, "/ab", CaseSensitive: false)), new RequestStub(PathText: path)));

    [Fact]
    public void The_query_string_is_not_part_of_the_path() =>
        Assert.True(Matches(Route("r", new PathMatchConfig(PathMatchKind.Exact, "/a")), new RequestStub(PathText: "/a", QueryText: "x=1")));
}
