using ProxylessMesh.Xds.Config;
using static ProxylessMesh.Xds.Tests.Routing.RouteSamples;

namespace ProxylessMesh.Xds.Tests.Routing;

/// <summary>route_components.proto, RouteMatch.path_specifier and case_sensitive.</summary>
public sealed class PathMatchTests
{
    [Theory]
    [InlineData(nameof(PathMatchKind.Exact), "/a", "/a", true)]
    [InlineData(nameof(PathMatchKind.Exact), "/a", "/a/", false)]
    [InlineData(nameof(PathMatchKind.Exact), "/a", "/A", false)]
    [InlineData(nameof(PathMatchKind.Prefix), "", "/anything", true)]
    [InlineData(nameof(PathMatchKind.Prefix), "/", "/anything", true)]
    [InlineData(nameof(PathMatchKind.Prefix), "/a", "/ab", true)]
    [InlineData(nameof(PathMatchKind.Prefix), "/a", "/b", false)]
    [InlineData(nameof(PathMatchKind.SegmentPrefix), "/a", "/a", true)]
    [InlineData(nameof(PathMatchKind.SegmentPrefix), "/a", "/a/", true)]
    [InlineData(nameof(PathMatchKind.SegmentPrefix), "/a", "/a/b", true)]
    [InlineData(nameof(PathMatchKind.SegmentPrefix), "/a", "/ab", false)]
    [InlineData(nameof(PathMatchKind.SegmentPrefix), "/a", "/", false)]
    [InlineData(nameof(PathMatchKind.Regex), "/a/[0-9]+", "/a/12", true)]
    [InlineData(nameof(PathMatchKind.Regex), "/a/[0-9]+", "/a/12/b", false)]
    [InlineData(nameof(PathMatchKind.Regex), "/a|/b", "/b", true)]
    [InlineData(nameof(PathMatchKind.Regex), "/a|/b", "/ab", false)]
    public void Path_kinds(string kind, string value, string path, bool expected) =>
        Assert.Equal(expected, Matches(Route("r", new PathMatchConfig(Enum.Parse<PathMatchKind>(kind), value)), new RequestStub(PathText: path)));

    [Theory]
    [InlineData(nameof(PathMatchKind.Exact), "/AB", true)]
    [InlineData(nameof(PathMatchKind.Prefix), "/Abc", true)]
    [InlineData(nameof(PathMatchKind.SegmentPrefix), "/aB/c", true)]
    [InlineData(nameof(PathMatchKind.Regex), "/AB", false)]
    public void Case_is_ignored_when_asked_but_never_in_expressions(string kind, string path, bool expected) =>
        Assert.Equal(expected, Matches(Route("r", new PathMatchConfig(Enum.Parse<PathMatchKind>(kind), "/ab", CaseSensitive: false)), new RequestStub(PathText: path)));

    [Fact]
    public void The_query_string_is_not_part_of_the_path() =>
        Assert.True(Matches(Route("r", new PathMatchConfig(PathMatchKind.Exact, "/a")), new RequestStub(PathText: "/a", QueryText: "x=1")));
}
