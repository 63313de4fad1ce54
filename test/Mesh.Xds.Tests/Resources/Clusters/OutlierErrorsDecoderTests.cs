using Envoy.Config.Cluster.V3;
using Envoy.Config.Common.Matcher.V3;
using Envoy.Config.Route.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;
using HttpOptions = Envoy.Extensions.Upstreams.Http.V3.HttpProtocolOptions;

namespace ProxylessMesh.Xds.Tests.Resources.Clusters;

/// <summary>HttpProtocolOptions.outlier_detection.error_matcher.</summary>
public sealed class OutlierErrorsDecoderTests
{
    private const string Key = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
    private const string Path = "typed_extension_protocol_options.outlier_detection.error_matcher";

    private static readonly Dictionary<string, (MatchPredicate Matcher, string Error)> Broken = new()
    {
        ["empty"] = (new MatchPredicate(), $"{Path}: rule is missing or of a kind that is not supported"),
        ["never"] = (new MatchPredicate { AnyMatch = false }, $"{Path}: rule is missing or of a kind that is not supported"),
        ["alone"] = (Or(Is("429")), $"{Path}.or_match.rules: must be two or more"),
        ["other header"] = (
            Headers(new HeaderMatcher { Name = "x-error", PresentMatch = true }),
            $"{Path}.http_response_headers_match.headers[0].name: \"x-error\" is not supported here, only :status is"),
        ["no value"] = (
            Headers(new HeaderMatcher { Name = ":status" }),
            $"{Path}.http_response_headers_match.headers[0]: header_match_specifier is missing or of a kind that is not supported"),
        ["inner"] = (
            Or(Is("429"), new MatchPredicate { NotMatch = new MatchPredicate() }),
            $"{Path}.or_match.rules[1].not_match: rule is missing or of a kind that is not supported"),
    };

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void Refuses(string name) => AssertError(ResourceKinds.Cluster, With(Broken[name].Matcher), Broken[name].Error);

    [Fact]
    public void Refuses_what_is_nested_without_end()
    {
        var matcher = Is("429");
        for (var i = 0; i < 20; i++)
        {
            matcher = new MatchPredicate { NotMatch = matcher };
        }

        AssertError(ResourceKinds.Cluster, With(matcher), $"{Path}{string.Concat(Enumerable.Repeat(".not_match", 16))}: is nested more than 16 deep");
    }

    [Fact]
    public void Predicates_become_a_set_of_codes()
    {
        Assert.Equal([429, 500, 501], Codes(Or(Is("429"), Headers(new HeaderMatcher { Name = ":Status", RangeMatch = new() { Start = 500, End = 502 } }))));
        Assert.Equal([], Codes(new MatchPredicate { AndMatch = new() { Rules = { Is("429"), Is("500") } } }));
        Assert.Equal(500, Codes(new MatchPredicate { AnyMatch = true }).Count);
        Assert.Equal(499, Codes(new MatchPredicate { NotMatch = Is("429") }).Count);
    }

    [Fact]
    public void Without_a_matcher_5xx_are_errors() => Assert.Null(Decode(ResourceKinds.Cluster, IstioShapes.EdsCluster()).OutlierDetection!.Errors);

    private static List<int> Codes(MatchPredicate matcher)
    {
        var errors = Decode(ResourceKinds.Cluster, With(matcher)).OutlierDetection!.Errors!;
        return [.. Enumerable.Range(-1, 1100).Where(errors.Contains)];
    }

    private static Cluster With(MatchPredicate matcher)
    {
        var cluster = IstioShapes.EdsCluster();
        cluster.TypedExtensionProtocolOptions[Key] = Packed(new HttpOptions
        {
            OutlierDetection = new() { ErrorMatcher = matcher },
            UseDownstreamProtocolConfig = new(),
        });
        return cluster;
    }

    private static MatchPredicate Or(params MatchPredicate[] rules) => new() { OrMatch = new() { Rules = { rules } } };

    private static MatchPredicate Is(string status) => Headers(new HeaderMatcher { Name = ":status", StringMatch = new() { Exact = status } });

    private static MatchPredicate Headers(HeaderMatcher header) => new() { HttpResponseHeadersMatch = new() { Headers = { header } } };
}
