using Envoy.Config.Route.V3;
using Google.Protobuf;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Tests.Resources;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Translation;

/// <summary>Redirects, direct responses, rewrites, header changes and mirrors, from YAML to what the data plane accepts.</summary>
public class RouteActionTests
{
    private const string Name = "outbound|9080||reviews.default.svc.cluster.local";

    public static TheoryData<string, string> Actions => new()
    {
        {
            "redirect: {uri: /new, authority: example.com, scheme: https, port: 443, redirectCode: 307}",
            """{ "match": { "prefix": "/" }, "redirect": { "hostRedirect": "example.com", "pathRedirect": "/new", "responseCode": "TEMPORARY_REDIRECT", "schemeRedirect": "https" } }"""
        },
        {
            "redirect: {prefixRewrite: /new, derivePort: FROM_REQUEST_PORT}",
            """{ "match": { "prefix": "/" }, "redirect": { "prefixRewrite": "/new", "portRedirect": 9080 } }"""
        },
        {
            "{directResponse: {status: 503, body: {string: later}}, headers: {response: {set: {retry-after: \"60\"}}}}",
            """{ "match": { "prefix": "/" }, "directResponse": { "status": 503, "body": { "inlineString": "later" } }, "responseHeadersToAdd": [ { "header": { "key": "retry-after", "value": "60" }, "appendAction": "OVERWRITE_IF_EXISTS_OR_ADD" } ] }"""
        },
        {
            "directResponse: {status: 200, body: {bytes: _w}}",
            """{ "match": { "prefix": "/" }, "directResponse": { "status": 200, "body": { "inlineBytes": "/w==" } } }"""
        },
    };

    [Theory]
    [MemberData(nameof(Actions))]
    public void A_route_that_does_not_forward(string yaml, string expected) => Assert.Equal(expected, Json(Route(yaml)));

    [Fact]
    public void Rewrites()
    {
        var prefix = Route("{rewrite: {uri: /v2, authority: v2.example.com}, headers: {request: {set: {host: loses}}}, route: [{destination: {host: reviews}}]}").Route_;
        var regex = Route("{rewrite: {uriRegexRewrite: {match: '^/(a)', rewrite: '/\\1'}}, route: [{destination: {host: reviews}}]}").Route_;

        Assert.Equal(("/v2", "v2.example.com"), (prefix.PrefixRewrite, prefix.HostRewriteLiteral));
        Assert.Equal(("^/(a)", @"/\1"), (regex.RegexRewrite.Pattern.Regex, regex.RegexRewrite.Substitution));
    }

    [Fact]
    public void Headers_stand_on_the_route_and_on_weighted_destinations()
    {
        var route = Route("""
            headers: {request: {set: {b: "2", A: "1", ":authority": set}, add: {c: "3", host: added}, remove: [D]}, response: {add: {e: "5"}}}
            route:
            - {destination: {host: reviews, subset: v1}, weight: 1, headers: {response: {remove: [f]}, request: {add: {host: of-v1}}}}
            - {destination: {host: reviews, subset: v2}, weight: 1}
            """);

        Assert.Equal(["a=1 OverwriteIfExistsOrAdd", "b=2 OverwriteIfExistsOrAdd", "c=3 AppendIfExistsOrAdd"], route.RequestHeadersToAdd.Select(h => $"{h.Header.Key}={h.Header.Value} {h.AppendAction}"));
        Assert.Equal(["d"], route.RequestHeadersToRemove);
        Assert.Equal("e", Assert.Single(route.ResponseHeadersToAdd).Header.Key);
        Assert.Equal("set", route.Route_.HostRewriteLiteral);
        var cluster = route.Route_.WeightedClusters.Clusters[0];
        Assert.Equal(["f"], cluster.ResponseHeadersToRemove);
        Assert.Equal("of-v1", cluster.HostRewriteLiteral);
    }

    [Fact]
    public void A_lone_destinations_headers_come_after_its_routes()
    {
        var route = Route("{headers: {request: {set: {x: route}}}, route: [{destination: {host: reviews}, headers: {request: {set: {x: lone, host: of-it}}}}]}");

        Assert.Equal(["route", "lone"], route.RequestHeadersToAdd.Select(h => h.Header.Value));
        Assert.Equal("of-it", route.Route_.HostRewriteLiteral);
    }

    [Theory]
    [InlineData("mirror: {host: reviews, subset: v2}", 1_000_000u)]
    [InlineData("{mirror: {host: reviews, subset: v2}, mirrorPercent: 20}", 200_000u)]
    [InlineData("{mirror: {host: reviews, subset: v2}, mirror_percent: 20, mirrorPercentage: {value: 0.1}}", 1_000u)]
    [InlineData("mirrors: [{destination: {host: reviews, subset: v2}, percentage: {value: 50}}]", 500_000u)]
    [InlineData("mirrors: [{destination: {host: reviews, subset: v2}}]", 1_000_000u)]
    public void Mirrors(string yaml, uint share)
    {
        var mirror = Assert.Single(Route(Forwarding(yaml)).Route_.RequestMirrorPolicies);

        Assert.Equal("outbound|9080|v2|reviews.default.svc.cluster.local", mirror.Cluster);
        Assert.Equal(share, mirror.RuntimeFraction.DefaultValue.Numerator);
        Assert.True(mirror.DisableShadowHostSuffixAppend);
    }

    [Fact]
    public void A_mirror_of_nothing_is_none() =>
        Assert.Empty(Route(Forwarding("{mirror: {host: reviews}, mirrorPercentage: {value: 0}}")).Route_.RequestMirrorPolicies);

    /// <summary>C-core holds them against it, and takes 100 when it is absent (real clients: Mesh.Interop.Tests).</summary>
    [Fact]
    public void Grpc_is_told_what_weights_add_up_to()
    {
        const string Http = "{route: [{destination: {host: reviews, subset: v1}, weight: 9}, {destination: {host: reviews, subset: v2}, weight: 3}]}";

        Assert.Equal(12u, Route(Http, ProxyProfile.Grpc).Route_.WeightedClusters.TotalWeight);
        Assert.Null(Route(Http).Route_.WeightedClusters.TotalWeight);
    }

    [Fact]
    public void Grpc_gets_only_what_it_knows()
    {
        var route = Route(Forwarding("{mirror: {host: reviews}, rewrite: {uri: /x, authority: y}, headers: {request: {set: {a: b}}}}"), ProxyProfile.Grpc);

        Assert.Empty(route.RequestHeadersToAdd);
        Assert.Empty(route.Route_.RequestMirrorPolicies);
        Assert.Equal(("", ""), (route.Route_.PrefixRewrite, route.Route_.HostRewriteLiteral));
    }

    private static string Forwarding(string yaml) =>
        yaml.StartsWith('{') ? $"{yaml[..^1]}, route: [{{destination: {{host: reviews}}}}]}}" : $"{yaml}\nroute: [{{destination: {{host: reviews}}}}]";

    /// <summary>But for the metadata, which all routes have.</summary>
    private static string Json(Route route)
    {
        var rest = route.Clone();
        rest.Metadata = null;
        return JsonFormatter.Default.Format(rest);
    }

    private static Route Route(string yaml, ProxyProfile profile = ProxyProfile.Mesh)
    {
        var entry = yaml.StartsWith('{') ? $"  - {yaml}" : "  - " + yaml.ReplaceLineEndings("\n    ");
        var service = Reading.Good<VirtualService>($"""
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {"{name: reviews}"}
            spec:
              hosts: [reviews]
              http:
            {entry}
            """);
        MeshModel model = Mesh.Of(Mesh.Service("reviews"), service);
        var bytes = ResourceTranslator.Translate(model, Mesh.Client(profile: profile), TypeUrl.Route, Name)!.Bytes;
        Assert.Empty(ResourceKinds.Route.Decode(ByteString.CopyFrom(bytes.Span)).Errors);
        return RouteConfiguration.Parser.ParseFrom(bytes).VirtualHosts[0].Routes[0];
    }
}
