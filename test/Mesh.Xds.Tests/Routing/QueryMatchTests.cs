using ProxylessMesh.Xds.Config;
using static ProxylessMesh.Xds.Tests.Routing.RouteSamples;

namespace ProxylessMesh.Xds.Tests.Routing;

/// <summary>
/// QueryParameterMatcher as Envoy's router evaluates it: it parses the query string without decoding it, and takes the first
/// value of a name.
/// </summary>
public sealed class QueryMatchTests
{
    [Theory]
    [InlineData("v=1", true)]
    [InlineData("a=2&v=1", true)]
    [InlineData("v=1&v=2", true)]
    [InlineData("v=2&v=1", false)]
    [InlineData("V=1", false)]
    [InlineData("vv=1", false)]
    [InlineData("v", false)]
    [InlineData("", false)]
    [InlineData("%76=1", false)]
    [InlineData("v=%31", false)]
    public void Values_are_compared_as_they_travel(string query, bool expected) =>
        Assert.Equal(expected, Matches(new QueryMatchConfig("v", new StringMatchConfig(StringMatchKind.Exact, "1")), query));

    [Theory]
    [InlineData("v", true)]
    [InlineData("v=", true)]
    [InlineData("a&v=1", true)]
    [InlineData("a", false)]
    [InlineData("&&", false)]
    public void Presence(string query, bool present)
    {
        Assert.Equal(present, Matches(new QueryMatchConfig("v", null), query));
        Assert.Equal(!present, Matches(new QueryMatchConfig("v", null, Present: false), query));
    }

    [Theory]
    [InlineData("v", true)]
    [InlineData("v=", true)]
    [InlineData("v=a=b", false)]
    public void A_parameter_without_value_is_empty(string query, bool expected) =>
        Assert.Equal(expected, Matches(new QueryMatchConfig("v", new StringMatchConfig(StringMatchKind.Exact, "")), query));

    [Fact]
    public void A_value_may_hold_equals_signs() =>
        Assert.True(Matches(new QueryMatchConfig("v", new StringMatchConfig(StringMatchKind.Exact, "a=b")), "v=a=b"));

    private static bool Matches(QueryMatchConfig match, string query) =>
        RouteSamples.Matches(Route("r", query: match), new RequestStub(QueryText: query));
}
