using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Envoy.Type.Matcher.V3;
using Envoy.Type.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;
using Denominator = Envoy.Type.V3.FractionalPercent.Types.DenominatorType;

namespace ProxylessMesh.Xds.Tests.Resources.Routes;

/// <summary>gRFCs A28 and A63; route_components.proto, RouteMatch, HeaderMatcher, QueryParameterMatcher.</summary>
public sealed class RouteMatchDecoderTests
{
    private const string Match = "virtual_hosts[0].routes[0].match";

    private static readonly Dictionary<string, (RouteMatch Match, string Error)> Broken = new()
    {
        ["no path"] = (new(), "path_specifier is missing"),
        ["path extension"] = (new() { PathMatchPolicy = new TypedExtensionConfig() }, "path_specifier is missing"),
        ["segment prefix of a slash"] = (new() { PathSeparatedPrefix = "/" }, "path_separated_prefix: \"/\" must not end"),
        ["segment prefix with slash"] = (new() { PathSeparatedPrefix = "/a/" }, "path_separated_prefix: \"/a/\" must not end"),
        ["segment prefix with query"] = (new() { PathSeparatedPrefix = "/a?b" }, "path_separated_prefix: \"/a?b\" must not end"),
        ["empty expression"] = (new() { SafeRegex = new() }, "safe_regex: regex must not be empty"),
        ["broken expression"] = (new() { SafeRegex = new() { Regex = "(" } }, "safe_regex: regular expression is not valid"),
        ["look-ahead"] = (new() { SafeRegex = new() { Regex = "(?=a)" } }, "safe_regex: regular expression is not valid"),
        ["long expression"] = (new() { SafeRegex = new() { Regex = new string('a', 5000) } }, "safe_regex: regular expression is longer than 4096"),
        ["no fraction"] = (new() { Prefix = "/", RuntimeFraction = new() }, "runtime_fraction: default_value is missing"),
        ["unknown denominator"] = (
            new() { Prefix = "/", RuntimeFraction = new() { DefaultValue = new() { Denominator = (Denominator)9 } } }, "runtime_fraction: denominator is not known"),
        ["header without name"] = (Header(new() { PresentMatch = true }), "headers[0].name: must not be empty"),
        ["header without matcher"] = (Header(new() { Name = "a" }), "headers[0]: header_match_specifier is missing"),
        ["unknown pseudo header"] = (Header(new() { Name = ":status", PresentMatch = true }), "headers[0].name: \":status\" is no pseudo header"),
        ["empty header prefix"] = (Header(new() { Name = "a", PrefixMatch = "" }), "headers[0].prefix_match: must not be empty"),
        ["empty header suffix"] = (Header(new() { Name = "a", SuffixMatch = "" }), "headers[0].suffix_match: must not be empty"),
        ["empty header part"] = (Header(new() { Name = "a", ContainsMatch = "" }), "headers[0].contains_match: must not be empty"),
        ["broken header expression"] = (Header(new() { Name = "a", SafeRegexMatch = new() { Regex = "[" } }), "headers[0].safe_regex_match: regular expression"),
        ["empty string matcher"] = (Header(new() { Name = "a", StringMatch = new() }), "headers[0].string_match: match_pattern is missing"),
        ["empty string prefix"] = (Header(new() { Name = "a", StringMatch = new() { Prefix = "" } }), "headers[0].string_match.prefix: must not be empty"),
        ["connect"] = (new() { ConnectMatcher = new() }, "path_specifier is missing or of a kind"),
        ["cookies"] = (new() { Prefix = "/", Cookies = { new CookieMatcher() } }, "cookies: is not supported"),
        ["tls context"] = (new() { Prefix = "/", TlsContext = new() }, "tls_context: is not supported"),
        ["dynamic metadata"] = (new() { Prefix = "/", DynamicMetadata = { new MetadataMatcher() } }, "dynamic_metadata: is not supported"),
        ["filter state"] = (new() { Prefix = "/", FilterState = { new FilterStateMatcher() } }, "filter_state: is not supported"),
        ["query without name"] = (Query(new()), "query_parameters[0].name: must not be empty"),
        ["broken query matcher"] = (
            Query(new() { Name = "a", StringMatch = new() { SafeRegex = new() { Regex = "*" } } }), "query_parameters[0].string_match.safe_regex: regular expression"),
    };

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void Refuses(string name)
    {
        var (match, error) = Broken[name];

        AssertError(ResourceKinds.Route, Routes(match), error.StartsWith("path_specifier", StringComparison.Ordinal) ? $"{Match}: {error}" : $"{Match}.{error}");
    }

    [Fact]
    public void Paths()
    {
        Assert.Equal(new PathMatchConfig(PathMatchKind.Prefix, ""), Decoded(new() { Prefix = "" }).Path);
        Assert.Equal(new PathMatchConfig(PathMatchKind.Exact, "/a"), Decoded(new() { Path = "/a", CaseSensitive = true }).Path);
        Assert.Equal(new PathMatchConfig(PathMatchKind.Prefix, "/a", CaseSensitive: false), Decoded(new() { Prefix = "/a", CaseSensitive = false }).Path);
        Assert.Equal(new PathMatchConfig(PathMatchKind.SegmentPrefix, "/a"), Decoded(new() { PathSeparatedPrefix = "/a" }).Path);
        Assert.Equal(new PathMatchConfig(PathMatchKind.Regex, "/a.*"), Decoded(new() { SafeRegex = new() { Regex = "/a.*" } }).Path);
    }

    [Theory]
    [InlineData(0u, nameof(Denominator.Hundred), 0)]
    [InlineData(25u, nameof(Denominator.Hundred), 250_000)]
    [InlineData(100u, nameof(Denominator.Hundred), 1_000_000)]
    [InlineData(300u, nameof(Denominator.Hundred), 1_000_000)]
    [InlineData(uint.MaxValue, nameof(Denominator.Hundred), 1_000_000)]
    [InlineData(25u, nameof(Denominator.TenThousand), 2_500)]
    [InlineData(25u, nameof(Denominator.Million), 25)]
    public void Fractions_become_millionths(uint numerator, string denominator, int expected)
    {
        var fraction = new FractionalPercent { Numerator = numerator, Denominator = Enum.Parse<Denominator>(denominator) };
        var match = new RouteMatch { Prefix = "/", RuntimeFraction = new RuntimeFractionalPercent { DefaultValue = fraction, RuntimeKey = "ignored" } };

        Assert.Equal(expected, Decoded(match).RuntimeFractionPerMillion);
    }

    [Fact]
    public void Headers()
    {
        AssertHeader(new() { Name = "A", ExactMatch = "" }, new HeaderMatchConfig("a", Text(StringMatchKind.Exact, ""), null, null));
        AssertHeader(new() { Name = "a", PrefixMatch = "x" }, new HeaderMatchConfig("a", Text(StringMatchKind.Prefix, "x"), null, null));
        AssertHeader(new() { Name = "a", SuffixMatch = "x" }, new HeaderMatchConfig("a", Text(StringMatchKind.Suffix, "x"), null, null));
        AssertHeader(new() { Name = "a", ContainsMatch = "x" }, new HeaderMatchConfig("a", Text(StringMatchKind.Contains, "x"), null, null));
        AssertHeader(new() { Name = "a", SafeRegexMatch = new() { Regex = "x" } }, new HeaderMatchConfig("a", Text(StringMatchKind.Regex, "x"), null, null));
        AssertHeader(
            new() { Name = "a", StringMatch = new() { Prefix = "x", IgnoreCase = true }, InvertMatch = true, TreatMissingHeaderAsEmpty = true },
            new HeaderMatchConfig("a", new StringMatchConfig(StringMatchKind.Prefix, "x", true), null, null, true, true));
        AssertHeader(new() { Name = "a", RangeMatch = new() { Start = -1, End = 5 } }, new HeaderMatchConfig("a", null, new Int64RangeConfig(-1, 5), null));
        AssertHeader(new() { Name = "a", PresentMatch = false }, new HeaderMatchConfig("a", null, null, false));
        AssertHeader(new() { Name = "Host", ExactMatch = "b" }, new HeaderMatchConfig(":authority", Text(StringMatchKind.Exact, "b"), null, null));
    }

    [Fact]
    public void Query_parameters()
    {
        AssertQuery(new() { Name = "Q" }, new QueryMatchConfig("Q", null));
        AssertQuery(new() { Name = "q", PresentMatch = false }, new QueryMatchConfig("q", null, Present: false));
        AssertQuery(new() { Name = "q", StringMatch = new() { Suffix = "x" } }, new QueryMatchConfig("q", Text(StringMatchKind.Suffix, "x")));
    }

    private static void AssertHeader(HeaderMatcher matcher, HeaderMatchConfig expected) => Assert.Equal(expected, Decoded(Header(matcher)).Headers[0]);

    private static void AssertQuery(QueryParameterMatcher matcher, QueryMatchConfig expected) => Assert.Equal(expected, Decoded(Query(matcher)).Query[0]);

    private static StringMatchConfig Text(StringMatchKind kind, string value) => new(kind, value);

    private static RouteMatch Header(HeaderMatcher matcher) => new() { Prefix = "/", Headers = { matcher } };

    private static RouteMatch Query(QueryParameterMatcher matcher) => new() { Prefix = "/", QueryParameters = { matcher } };

    private static RouteMatchConfig Decoded(RouteMatch match) => Decode(ResourceKinds.Route, Routes(match)).VirtualHosts[0].Routes[0].Match;

    private static RouteConfiguration Routes(RouteMatch match)
    {
        var routes = IstioShapes.Routes();
        routes.VirtualHosts[0].Routes[0].Match = match;
        return routes;
    }
}
