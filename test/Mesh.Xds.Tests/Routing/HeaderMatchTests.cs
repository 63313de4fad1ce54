using ProxylessMesh.Xds.Config;
using static ProxylessMesh.Xds.Tests.Routing.RouteSamples;

namespace ProxylessMesh.Xds.Tests.Routing;

/// <summary>route_components.proto, HeaderMatcher; gRFC A28 for binary headers.</summary>
public sealed class HeaderMatchTests
{
    [Theory]
    [InlineData(nameof(StringMatchKind.Exact), "jason", "jason", true)]
    [InlineData(nameof(StringMatchKind.Exact), "jason", "Jason", false)]
    [InlineData(nameof(StringMatchKind.Exact), "a,b", "a,b", true)]
    [InlineData(nameof(StringMatchKind.Prefix), "ja", "jason", true)]
    [InlineData(nameof(StringMatchKind.Suffix), "on", "jason", true)]
    [InlineData(nameof(StringMatchKind.Contains), "so", "jason", true)]
    [InlineData(nameof(StringMatchKind.Contains), "x", "jason", false)]
    [InlineData(nameof(StringMatchKind.Regex), "ja.*", "jason", true)]
    [InlineData(nameof(StringMatchKind.Regex), "ja", "jason", false)]
    public void Values(string kind, string pattern, string value, bool expected)
    {
        var match = new HeaderMatchConfig("end-user", new StringMatchConfig(Enum.Parse<StringMatchKind>(kind), pattern), null, null);

        Assert.Equal(expected, Matches(match, "end-user", value));
        Assert.Equal(!expected, Matches(match with { Invert = true }, "end-user", value));
    }

    [Theory]
    [InlineData(nameof(StringMatchKind.Exact), "JASON")]
    [InlineData(nameof(StringMatchKind.Prefix), "JA")]
    [InlineData(nameof(StringMatchKind.Suffix), "ON")]
    [InlineData(nameof(StringMatchKind.Contains), "SO")]
    public void Case_is_ignored_when_asked(string kind, string pattern) =>
        Assert.True(Matches(new HeaderMatchConfig("h", new StringMatchConfig(Enum.Parse<StringMatchKind>(kind), pattern, IgnoreCase: true), null, null), "h", "jason"));

    [Theory]
    [InlineData("0", false)]
    [InlineData("1", true)]
    [InlineData("9", true)]
    [InlineData("10", false)]
    [InlineData("-3", false)]
    [InlineData("+5", true)]
    [InlineData("5.0", false)]
    [InlineData("five", false)]
    [InlineData("", false)]
    [InlineData("99999999999999999999", false)]
    public void Ranges_are_half_open_and_decimal(string value, bool expected) =>
        Assert.Equal(expected, Matches(new HeaderMatchConfig("h", null, new Int64RangeConfig(1, 10), null), "h", value));

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    [InlineData(false, false, false)]
    [InlineData(false, true, true)]
    public void Presence(bool wanted, bool invert, bool whenPresent)
    {
        var match = new HeaderMatchConfig("h", null, null, wanted, invert);

        Assert.Equal(whenPresent, Matches(match, "h", "x"));
        Assert.Equal(!whenPresent, Matches(match, "other", "x"));
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(true, true, true)]
    public void An_absent_header_fails_even_inverted_unless_it_counts_as_empty(bool invert, bool missingIsEmpty, bool expected)
    {
        var value = new HeaderMatchConfig("h", new(StringMatchKind.Exact, "x"), null, null, invert, missingIsEmpty);
        var range = new HeaderMatchConfig("h", null, new Int64RangeConfig(0, 5), null, invert, missingIsEmpty);

        Assert.Equal(expected, Matches(value, "other", "x"));
        Assert.Equal(expected, Matches(range, "other", "x"));
    }

    [Theory]
    [InlineData(":method", "POST")]
    [InlineData(":authority", "reviews:9080")]
    [InlineData(":path", "/a?b=c")]
    [InlineData(":scheme", "https")]
    public void Pseudo_headers(string name, string value)
    {
        var match = new HeaderMatchConfig(name, new(StringMatchKind.Exact, value), null, null);

        Assert.True(RouteSamples.Matches(
            Route("r", header: match), new RequestStub(PathText: "/a", QueryText: "b=c", Method: "POST", Scheme: "https")));
        Assert.False(RouteSamples.Matches(Route("r", header: match), new RequestStub("x")));
    }

    [Fact]
    public void The_path_pseudo_header_may_be_long()
    {
        var query = new string('q', 5000);
        var match = new HeaderMatchConfig(":path", new(StringMatchKind.Suffix, "/a?" + query), null, null);

        Assert.True(RouteSamples.Matches(Route("r", header: match), new RequestStub(PathText: "/a", QueryText: query)));
    }

    [Fact]
    public void Binary_headers_are_seen_by_no_matcher()
    {
        Assert.False(Matches(new HeaderMatchConfig("trace-bin", new(StringMatchKind.Exact, "x"), null, null), "trace-bin", "x"));
        Assert.False(Matches(new HeaderMatchConfig("trace-bin", null, null, true), "trace-bin", "x"));
        Assert.True(Matches(new HeaderMatchConfig("trace-bin", null, null, false), "trace-bin", "x"));
    }

    private static bool Matches(HeaderMatchConfig match, string name, string value) => RouteSamples.Matches(
        Route("r", header: match),
        new RequestStub(Headers: new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value }));
}
