using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Envoy.Type.Matcher.V3;
using Envoy.Type.V3;
using Google.Protobuf;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;
using MirrorPolicy = Envoy.Config.Route.V3.RouteAction.Types.RequestMirrorPolicy;

namespace ProxylessMesh.Xds.Tests.Resources.Routes;

/// <summary>Rewrites, redirects, direct responses and mirrors (route_components.proto).</summary>
public sealed class RewriteDecoderTests
{
    private static readonly Dictionary<string, (Action<Route> Break, string Error)> Broken = new()
    {
        ["path with a space"] = (r => r.Route_.PrefixRewrite = "/a b", "route.prefix_rewrite: \"/a b\" cannot stand in a path"),
        ["path with a line"] = (r => r.Route_.PrefixRewrite = "/a\r\nx: y", "route.prefix_rewrite: "),
        ["path with a fragment"] = (r => r.Route_.PrefixRewrite = "/a#b", "route.prefix_rewrite: "),
        ["both rewrites"] = (
            r =>
            {
                r.Route_.PrefixRewrite = "/a";
                r.Route_.RegexRewrite = Regex("a", "b");
            },
            "route.regex_rewrite: must not stand beside prefix_rewrite"),
        ["no pattern"] = (r => r.Route_.RegexRewrite = new RegexMatchAndSubstitute(), "route.regex_rewrite.pattern: regex must not be empty"),
        ["broken pattern"] = (r => r.Route_.RegexRewrite = Regex("(", "b"), "route.regex_rewrite: regular expression is not valid"),
        ["unknown group"] = (r => r.Route_.RegexRewrite = Regex("(a)", @"\2"), @"route.regex_rewrite: the substitution names group \2, the expression has 1"),
        ["broken substitution"] = (r => r.Route_.RegexRewrite = Regex("a", @"b\"), "route.regex_rewrite: after a backslash"),
        ["host with a space"] = (r => r.Route_.HostRewriteLiteral = "a b", "route.host_rewrite_literal: \"a b\" is no host"),
        ["redirect code"] = (r => r.Redirect = new RedirectAction { ResponseCode = (RedirectAction.Types.RedirectResponseCode)9 }, "redirect.response_code: is not known"),
        ["redirect scheme"] = (r => r.Redirect = new RedirectAction { SchemeRedirect = "a b" }, "redirect.scheme_redirect: \"a b\" is no scheme"),
        ["redirect host"] = (r => r.Redirect = new RedirectAction { HostRedirect = "a/b" }, "redirect.host_redirect: \"a/b\" is no host"),
        ["redirect path"] = (r => r.Redirect = new RedirectAction { PathRedirect = "/\n" }, "redirect.path_redirect: "),
        ["redirect port"] = (r => r.Redirect = new RedirectAction { PortRedirect = 65536 }, "redirect.port_redirect: must be at most 65535"),
        ["mirror to nowhere"] = (r => r.Route_.RequestMirrorPolicies.Add(new MirrorPolicy()), "route.request_mirror_policies[0].cluster: must not be empty"),
        ["mirror without share"] = (
            r => r.Route_.RequestMirrorPolicies.Add(new MirrorPolicy { Cluster = "m", RuntimeFraction = new RuntimeFractionalPercent() }),
            "route.request_mirror_policies[0].runtime_fraction: default_value is missing"),
    };

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void Refuses(string name)
    {
        var routes = IstioShapes.Routes();
        Broken[name].Break(routes.VirtualHosts[0].Routes[0]);

        AssertError(ResourceKinds.Route, routes, $"virtual_hosts[0].routes[0].{Broken[name].Error}");
    }

    [Fact]
    public void Rewrites()
    {
        Assert.Equal(new PathRewriteConfig("/x", null), Forward(a => a.PrefixRewrite = "/x").PathRewrite);
        Assert.Equal(new PathRewriteConfig(null, new RegexRewriteConfig("(a)", @"\1")), Forward(a => a.RegexRewrite = Regex("(a)", @"\1")).PathRewrite);
        Assert.Equal("x:80", Forward(a => a.HostRewriteLiteral = "x:80").HostRewrite);
    }

    [Fact]
    public void A_redirect()
    {
        var routes = IstioShapes.Routes();
        routes.VirtualHosts[0].Routes[0].Redirect = new RedirectAction
        {
            HttpsRedirect = true, HostRedirect = "x", PortRedirect = 8443, PathRedirect = "/p?q", StripQuery = true,
            ResponseCode = RedirectAction.Types.RedirectResponseCode.PermanentRedirect,
        };

        Assert.Equal(new RedirectActionConfig(308, "https", "x", 8443, "/p?q", null, true), Decode(ResourceKinds.Route, routes).VirtualHosts[0].Routes[0].Action);
    }

    [Fact]
    public void A_direct_response_of_bytes()
    {
        var routes = IstioShapes.Routes();
        routes.VirtualHosts[0].Routes[0].DirectResponse = new DirectResponseAction { Status = 200, Body = new DataSource { InlineBytes = ByteString.CopyFrom(0xFF, 0) } };

        Assert.Equal(
            new DirectResponseActionConfig(200, "") { Bytes = [0xFF, 0] }, Decode(ResourceKinds.Route, routes).VirtualHosts[0].Routes[0].Action);
    }

    [Fact]
    public void Mirrors_of_the_route_replace_those_of_its_host_and_configuration()
    {
        Assert.Equal(["config"], MirrorsWith());
        Assert.Equal(["host"], MirrorsWith(host: "host"));
        Assert.Equal(["route"], MirrorsWith(host: "host", route: "route"));
    }

    [Fact]
    public void A_mirror()
    {
        var mirrors = Forward(a => a.RequestMirrorPolicies.Add([
            new MirrorPolicy
            {
                Cluster = "a", HostRewriteLiteral = "h", DisableShadowHostSuffixAppend = true,
                RuntimeFraction = new RuntimeFractionalPercent { DefaultValue = new FractionalPercent { Numerator = 5 } },
            },
            new MirrorPolicy { Cluster = "b" },
            new MirrorPolicy { Cluster = "never", RuntimeFraction = new RuntimeFractionalPercent { DefaultValue = new FractionalPercent() } },
        ])).Mirrors;

        Assert.Equal([new MirrorConfig("a", 50_000, "h", false), new MirrorConfig("b", 1_000_000, null, true)], mirrors);
    }

    private static IEnumerable<string> MirrorsWith(string? host = null, string? route = null)
    {
        var routes = IstioShapes.Routes(a => Add(a.RequestMirrorPolicies, route));
        Add(routes.RequestMirrorPolicies, "config");
        Add(routes.VirtualHosts[0].RequestMirrorPolicies, host);
        return ((ForwardActionConfig)Decode(ResourceKinds.Route, routes).VirtualHosts[0].Routes[0].Action).Mirrors.Select(m => m.Cluster);

        static void Add(IList<MirrorPolicy> policies, string? cluster)
        {
            if (cluster is not null)
            {
                policies.Add(new MirrorPolicy { Cluster = cluster });
            }
        }
    }

    private static ForwardActionConfig Forward(Action<RouteAction> change) =>
        Assert.IsType<ForwardActionConfig>(Decode(ResourceKinds.Route, IstioShapes.Routes(change)).VirtualHosts[0].Routes[0].Action);

    private static RegexMatchAndSubstitute Regex(string pattern, string substitution) =>
        new() { Pattern = new RegexMatcher { Regex = pattern }, Substitution = substitution };
}
