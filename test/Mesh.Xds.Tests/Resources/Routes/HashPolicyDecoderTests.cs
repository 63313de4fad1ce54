using Envoy.Config.Route.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;
using HashPolicy = Envoy.Config.Route.V3.RouteAction.Types.HashPolicy;

namespace ProxylessMesh.Xds.Tests.Resources.Routes;

/// <summary>gRFC A42; route_components.proto, HashPolicy.</summary>
public sealed class HashPolicyDecoderTests
{
    [Fact]
    public void Every_kind_is_read_and_unknown_ones_are_left_out()
    {
        var policies = Policies(
            new HashPolicy { Header = new() { HeaderName = "X-User" }, Terminal = true },
            new HashPolicy { Cookie = new() { Name = "user", Path = "/", Ttl = Duration.FromTimeSpan(TimeSpan.FromHours(1)), Attributes = { new HashPolicy.Types.CookieAttribute { Name = "Secure" } } } },
            new HashPolicy { ConnectionProperties = new() { SourceIp = true } },
            new HashPolicy { QueryParameter = new() { Name = "q" } },
            new HashPolicy { FilterState = new() { Key = "io.grpc.channel_id" } },
            new HashPolicy { FilterState = new() { Key = "something.else" } },
            new HashPolicy());

        Assert.Equal(
            [
                new HashPolicyConfig(HashPolicyKind.Header, "x-user", true),
                new HashPolicyConfig(HashPolicyKind.Cookie, "user", false) { CookiePath = "/", CookieTtl = TimeSpan.FromHours(1), CookieAttributes = [new("Secure", "")] },
                new HashPolicyConfig(HashPolicyKind.SourceIp, "", false),
                new HashPolicyConfig(HashPolicyKind.QueryParameter, "q", false),
                new HashPolicyConfig(HashPolicyKind.ChannelId, "", false),
            ],
            policies);
    }

    [Theory]
    [InlineData("", "/", "cookie.name: must not be empty")]
    [InlineData("a;b", "/", "cookie.name: has a character")]
    [InlineData("a", "/\r\nSet-Cookie: x=y", "cookie.path: has a character")]
    public void Cookies_that_would_break_the_header_are_refused(string name, string path, string error) =>
        AssertError(ResourceKinds.Route, Routes(new HashPolicy { Cookie = new() { Name = name, Path = path } }), $"virtual_hosts[0].routes[0].route.hash_policy[0].{error}");

    [Fact]
    public void A_rewrite_is_read_and_must_be_valid()
    {
        Assert.Equal(new RegexRewriteConfig("a(b)", @"\1"), Assert.Single(Policies(Rewrite("a(b)", @"\1"))).Rewrite);
        AssertError(ResourceKinds.Route, Routes(Rewrite("a(", "")), "virtual_hosts[0].routes[0].route.hash_policy[0].header.regex_rewrite: ");
        AssertError(ResourceKinds.Route, Routes(Rewrite("a", @"\2")), "virtual_hosts[0].routes[0].route.hash_policy[0].header.regex_rewrite: ");
    }

    private static HashPolicy Rewrite(string pattern, string substitution) => new()
    {
        Header = new() { HeaderName = "x", RegexRewrite = new() { Pattern = new() { Regex = pattern }, Substitution = substitution } },
    };

    private static EquatableArray<HashPolicyConfig> Policies(params HashPolicy[] policies) =>
        Assert.IsType<ForwardActionConfig>(Decode(ResourceKinds.Route, Routes(policies)).VirtualHosts[0].Routes[0].Action).HashPolicies;

    private static RouteConfiguration Routes(params HashPolicy[] policies)
    {
        var routes = IstioShapes.Routes();
        routes.VirtualHosts[0].Routes[0].Route_.HashPolicy.Add(policies);
        return routes;
    }
}
