using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;

namespace ProxylessMesh.Xds.Tests.Resources.Routes;

/// <summary>gRFC A28; route.proto and route_components.proto.</summary>
public sealed class RouteConfigDecoderTests
{
    private static readonly Dictionary<string, (Action<RouteConfiguration> Break, string Error)> Broken = new()
    {
        ["no name"] = (r => r.Name = "", "name: must not be empty"),
        ["same host name twice"] = (
            r => r.VirtualHosts.Add(new VirtualHost { Name = r.VirtualHosts[0].Name, Domains = { "other" } }),
            "virtual_hosts[1].name: \"reviews.default.svc.cluster.local:9080\" is used twice"),
        ["no domains"] = (r => Host(r).Domains.Clear(), "virtual_hosts[0].domains: must not be empty"),
        ["empty domain"] = (r => Host(r).Domains[0] = "", "virtual_hosts[0].domains[0]: must not be empty"),
        ["wildcard in the middle"] = (r => Host(r).Domains[0] = "a.*.b", "virtual_hosts[0].domains[0]: \"a.*.b\" may have one wildcard"),
        ["wildcard at both ends"] = (r => Host(r).Domains[0] = "*.a.*", "virtual_hosts[0].domains[0]: \"*.a.*\" may have one wildcard"),
        ["two stars"] = (r => Host(r).Domains[0] = "**", "virtual_hosts[0].domains[0]: \"**\" may have one wildcard"),
        ["same domain twice"] = (r => Host(r).Domains.Add("REVIEWS"), "virtual_hosts[0].domains[4]: \"REVIEWS\" is listed twice"),
        ["same domain in two hosts"] = (
            r => r.VirtualHosts.Add(new VirtualHost { Name = "b", Domains = { "reviews" } }), "virtual_hosts[1].domains[0]: \"reviews\" is listed twice"),
        ["host TLS redirect"] = (r => Host(r).RequireTls = VirtualHost.Types.TlsRequirementType.All, "virtual_hosts[0].require_tls: is not supported"),
        ["matcher tree"] = (r => Host(r).Matcher = new(), "virtual_hosts[0].matcher: is not supported"),
        ["host rate limits"] = (r => Host(r).RateLimits.Add(new RateLimit()), "virtual_hosts[0].rate_limits: is not supported"),
        ["hosts on demand"] = (r => r.Vhds = new(), "vhds: is not supported"),
        ["host retry extension"] = (r => Host(r).RetryPolicyTypedConfig = new Any(), "virtual_hosts[0].retry_policy_typed_config: is not supported"),
        ["host hedging"] = (r => Host(r).HedgePolicy = new HedgePolicy { InitialRequests = 3 }, "virtual_hosts[0].hedge_policy.initial_requests: is not supported"),
        ["host retry broken"] = (
            r => Host(r).RetryPolicy = new RetryPolicy { RetryOn = "5xx", PerTryTimeout = new Duration { Seconds = -1 } },
            "virtual_hosts[0].retry_policy.per_try_timeout: must not be negative"),
        ["internal headers"] = (r => r.InternalOnlyHeaders.Add("x"), "internal_only_headers: is not supported"),
        ["host by header"] = (r => r.VhostHeader = "x", "vhost_header: is not supported"),
        ["path parameters ignored"] = (r => r.IgnorePathParametersInPathMatching = true, "ignore_path_parameters_in_path_matching: is not supported"),
        ["no match"] = (r => Route(r).Match = null, "virtual_hosts[0].routes[0].match: is missing"),
        ["direct response status"] = (r => Route(r).DirectResponse = new DirectResponseAction { Status = 99 }, "virtual_hosts[0].routes[0].direct_response.status: must be 200 to 599"),
        ["direct response file"] = (
            r => Route(r).DirectResponse = new DirectResponseAction { Status = 200, Body = new DataSource { Filename = "/etc/passwd" } },
            "virtual_hosts[0].routes[0].direct_response.body: Filename is not supported"),
        ["direct response too long"] = (
            r => Route(r).DirectResponse = new DirectResponseAction { Status = 200, Body = new DataSource { InlineString = new string('a', 4097) } },
            "virtual_hosts[0].routes[0].direct_response.body: is longer than 4096 bytes"),
    };

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void Refuses(string name)
    {
        var routes = IstioShapes.Routes();
        Broken[name].Break(routes);

        AssertError(ResourceKinds.Route, routes, Broken[name].Error);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("*.example.com")]
    [InlineData("*-bar.example.com")]
    [InlineData("example.*")]
    [InlineData("[::1]:80")]
    public void Domains(string domain)
    {
        var routes = IstioShapes.Routes();
        Host(routes).Domains.Add(domain);

        Assert.Contains(domain, Decode(ResourceKinds.Route, routes).VirtualHosts[0].Domains);
    }

    [Fact]
    public void Direct_response()
    {
        var routes = IstioShapes.Routes();
        routes.MaxDirectResponseBodySizeBytes = 10_000;
        var body = new string('\u00E4', 5_000);
        Route(routes).DirectResponse = new DirectResponseAction { Status = 503, Body = new DataSource { InlineBytes = ByteString.CopyFromUtf8(body) } };
        Assert.Equal(new DirectResponseActionConfig(503, body), Action(routes));

        Route(routes).DirectResponse = new DirectResponseAction { Status = 204 };
        Assert.Equal(new DirectResponseActionConfig(204, ""), Action(routes));
    }

    [Fact]
    public void What_an_action_asks_for_beyond_us_answers_with_an_error_instead_of_being_skipped()
    {
        AssertUnsupported(r => r.ClearAction(), "the action is missing or of a kind that is not supported");
    }

    [Fact]
    public void Errors_of_all_routes_are_told()
    {
        var routes = IstioShapes.Routes();
        for (var i = 0; i < 3; i++)
        {
            Host(routes).Routes.Add(new Route { Name = $"r{i}" });
        }

        Assert.Equal(
            ["virtual_hosts[0].routes[1].match: is missing", "virtual_hosts[0].routes[2].match: is missing", "virtual_hosts[0].routes[3].match: is missing"],
            Errors(ResourceKinds.Route, routes));
    }

    [Fact]
    public void The_list_of_errors_is_bounded()
    {
        var routes = IstioShapes.Routes();
        for (var i = 0; i < 10_000; i++)
        {
            Host(routes).Domains.Add(new string('*', 1000));
        }

        var errors = Errors(ResourceKinds.Route, routes);

        Assert.Equal(DecodeContext.MaxErrors + 1, errors.Count);
        Assert.All(errors, error => Assert.True(error.Length < 300));
    }

    [Fact]
    public void Bytes_that_are_no_message_have_no_name()
    {
        var result = ResourceKinds.Route.Decode(ByteString.CopyFrom(0x0A, 0xFF, 0xFF));

        Assert.Null(result.Name);
        Assert.StartsWith("not a valid message", Assert.Single(result.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/apis/networking.istio.io/v1/namespaces/default/virtual-service/reviews", "VirtualService default/reviews")]
    [InlineData("/apis/gateway.networking.k8s.io/v1/namespaces/a/http-route/b.c", "HttpRoute a/b.c")]
    [InlineData("/apis/networking.istio.io/v1/namespaces/default/virtual-service/", null)]
    [InlineData("/apis/networking.istio.io/v1/namespaces/default/virtual-service/a\r\nb", null)]
    [InlineData("reviews", null)]
    [InlineData("", null)]
    public void Where_a_route_comes_from(string config, string? origin)
    {
        var routes = IstioShapes.Routes();
        Route(routes).Metadata = new Metadata { FilterMetadata = { ["istio"] = new Struct { Fields = { ["config"] = Value.ForString(config) } } } };

        Assert.Equal(origin, Decode(ResourceKinds.Route, routes).VirtualHosts[0].Routes[0].Origin);
    }

    [Theory]
    [InlineData(null, null, null, null, null)]
    [InlineData(100u, null, null, null, 100)]
    [InlineData(100u, 200u, null, null, 200)]
    [InlineData(100u, null, 300u, null, 300)]
    [InlineData(100u, 200u, 300u, 0u, 0)]
    [InlineData(uint.MaxValue, null, null, null, 16 * 1024 * 1024)]
    public void How_much_of_a_body_is_kept(uint? host, uint? route, uint? hostNewer, uint? routeNewer, int? expected)
    {
        var routes = IstioShapes.Routes();
        (Host(routes).PerRequestBufferLimitBytes, Host(routes).RequestBodyBufferLimit) = (host, hostNewer);
        (Route(routes).PerRequestBufferLimitBytes, Route(routes).RequestBodyBufferLimit) = (route, routeNewer);

        Assert.Equal(expected, ((ForwardActionConfig)Action(routes)).ReplayLimit);
    }

    [Fact]
    public void Attempt_counts_and_hedging_of_the_host()
    {
        var routes = IstioShapes.Routes(a => a.RetryPolicy.PerTryTimeout = Seconds(1));
        Host(routes).IncludeRequestAttemptCount = false;
        Host(routes).IncludeAttemptCountInResponse = true;
        Host(routes).HedgePolicy = new HedgePolicy { HedgeOnPerTryTimeout = true };

        var action = (ForwardActionConfig)Action(routes);

        Assert.Equal((false, true, true), (action.AttemptCountInRequest, action.AttemptCountInResponse, action.HedgeOnPerTryTimeout));
    }

    private static void AssertUnsupported(Action<Route> change, string reason)
    {
        var routes = IstioShapes.Routes();
        change(Route(routes));
        Assert.Equal(new UnsupportedActionConfig(reason), Action(routes));
    }

    private static RouteActionConfig Action(RouteConfiguration routes) => Decode(ResourceKinds.Route, routes).VirtualHosts[0].Routes[0].Action;

    private static VirtualHost Host(RouteConfiguration routes) => routes.VirtualHosts[0];

    private static Route Route(RouteConfiguration routes) => routes.VirtualHosts[0].Routes[0];
}
