using Envoy.Config.Rbac.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.ExtAuthz.V3;
using Envoy.Extensions.Filters.Http.JwtAuthn.V3;
using Envoy.Extensions.Filters.Http.Rbac.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using ProxylessMesh.Xds.Resources.Listeners;
using ConfigRbac = Envoy.Config.Rbac.V3.RBAC;
using HttpRbac = Envoy.Extensions.Filters.Http.Rbac.V3.RBAC;

namespace ProxylessMesh.Xds.Tests.Resources.Listeners;

/// <summary>typed_per_filter_config of an inbound listener: applied, or an error.</summary>
public sealed class InboundOverrideTests
{
    private static readonly HttpFilter Rbac = Filter("rbac", new HttpRbac());
    private static readonly HttpFilter Jwt = Filter("jwt", new JwtAuthentication { RequirementMap = { ["lax"] = new JwtRequirement() } });
    private static readonly HttpFilter External = Filter("ext", new ExtAuthz
    {
        GrpcService = new() { EnvoyGrpc = new() { ClusterName = "outbound|9000||authz.default.svc.cluster.local" } },
    });

    private static readonly Dictionary<string, Action<VirtualHost>> Narrow = new()
    {
        ["path"] = h => h.Routes[0].Match.Path = "/public",
        ["prefix"] = h => h.Routes[0].Match.Prefix = "/public",
        ["header"] = h => h.Routes[0].Match.Headers.Add(new HeaderMatcher { Name = "x", PresentMatch = true }),
        ["query"] = h => h.Routes[0].Match.QueryParameters.Add(new QueryParameterMatcher { Name = "x", PresentMatch = true }),
        ["share"] = h => h.Routes[0].Match.RuntimeFraction = new() { DefaultValue = new() { Numerator = 50 } },
        ["host"] = h => h.Domains[0] = "public.example.com",
    };

    public static TheoryData<string> NarrowNames => [.. Narrow.Keys];

    [Fact]
    public void Rules_of_a_route()
    {
        var rules = new ConfigRbac { Policies = { ["p"] = new Policy { Permissions = { new Permission { Any = true } }, Principals = { new Principal { Any = true } } } } };

        var (with, errors) = Decode(Rbac, new RBACPerRoute { Rbac = new HttpRbac { Rules = rules } });
        Assert.Empty(errors);
        Assert.Single(Assert.IsType<RbacFilterConfig>(with).Rules!.Policies);

        var (without, none) = Decode(Rbac, new RBACPerRoute());
        Assert.Empty(none);
        Assert.Equal(new RbacFilterConfig("rbac", null, null), without);

        rules.Policies["p"].Permissions[0].Any = false;
        Assert.Contains(Decode(Rbac, new RBACPerRoute { Rbac = new HttpRbac { Rules = rules } }).Errors, e => e.Contains("typed_per_filter_config.rbac.rbac.rules", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_route_tells_the_authorization_service()
    {
        var (settings, errors) = Decode(External, new ExtAuthzPerRoute
        {
            CheckSettings = new CheckSettings { ContextExtensions = { ["tier"] = "gold" }, WithRequestBody = new BufferSettings { MaxRequestBytes = 7 } },
        });

        Assert.Empty(errors);
        Assert.Equal(
            new ExternalAuthorizationOverrideConfig("ext") { ContextExtensions = EquatableMap.From([new("tier", "gold")]), Body = new CheckedBodyConfig(7, false, false) },
            settings);
        Assert.Equal(new ExternalAuthorizationFilterConfig("ext", null), Decode(External, new ExtAuthzPerRoute { Disabled = true }).Override);
    }

    [Fact]
    public void Which_token_a_route_asks_for()
    {
        Assert.Equal(new JwtOverrideConfig("jwt", "lax"), Decode(Jwt, new PerRouteConfig { RequirementName = "lax" }).Override);
        Assert.Equal(new JwtOverrideConfig("jwt", null), Decode(Jwt, new PerRouteConfig { Disabled = true }).Override);
        Assert.Contains(Decode(Jwt, new PerRouteConfig { RequirementName = "strict" }).Errors, e => e.EndsWith("\"strict\" is not in requirement_map", StringComparison.Ordinal));
        Assert.Contains(Decode(Jwt, new PerRouteConfig()).Errors, e => e.Contains("must be disabled: true or a requirement_name", StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_be_applied_is_an_error()
    {
        var service = new ExtAuthzPerRoute { CheckSettings = new CheckSettings { GrpcService = External.TypedConfig.Unpack<ExtAuthz>().GrpcService } };
        Assert.Contains(Decode(External, service).Errors, e => e.EndsWith("check_settings.grpc_service: is not supported", StringComparison.Ordinal));
        Assert.Contains(Decode(External, new ExtAuthzPerRoute()).Errors, e => e.Contains("must be disabled: true or check_settings", StringComparison.Ordinal));

        // Of another kind of filter, and for one of two routes.
        Assert.Contains(Decode(Rbac, new PerRouteConfig { Disabled = true }).Errors, e => e.Contains("\"rbac\" is not supported in an inbound listener", StringComparison.Ordinal));
        Assert.Contains(Decode(Rbac, new RBACPerRoute(), routes: 2).Errors, e => e.Contains("\"rbac\" is not supported in an inbound listener", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(NarrowNames))]
    public void What_is_meant_for_some_requests_does_not_count_for_all(string name) =>
        Assert.Contains(Decode(Rbac, new RBACPerRoute(), change: Narrow[name]).Errors, e => e.Contains("\"rbac\" is not supported in an inbound listener", StringComparison.Ordinal));

    [Fact]
    public void A_filter_that_is_switched_off_is_switched_on_as_a_whole_or_not_at_all()
    {
        var off = new HttpFilter(External) { Disabled = true };
        Assert.NotEmpty(Decode(off, new ExtAuthzPerRoute { CheckSettings = new CheckSettings() }).Errors);
        Assert.NotEmpty(Decode(off, new FilterConfig()).Errors);
        Assert.NotEmpty(Decode(new HttpFilter(Jwt) { Disabled = true }, new PerRouteConfig { RequirementName = "lax" }).Errors);

        // Its rules are all there is to it.
        var rules = new ConfigRbac { Policies = { ["p"] = new Policy { Permissions = { new Permission { Any = true } }, Principals = { new Principal { Any = true } } } } };
        var (on, errors) = Decode(new HttpFilter(Rbac) { Disabled = true }, new RBACPerRoute { Rbac = new HttpRbac { Rules = rules } });
        Assert.Empty(errors);
        Assert.NotNull(Assert.IsType<RbacFilterConfig>(on).Rules);
    }

    [Theory]
    [InlineData("envoy.config.route.v3.FilterConfig")]
    [InlineData("envoy.extensions.filters.http.rbac.v3.RBACPerRoute")]
    [InlineData("envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig")]
    [InlineData("envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute")]
    public void Damaged_overrides_are_errors(string type)
    {
        var damaged = new Any { TypeUrl = $"type.googleapis.com/{type}", Value = ByteString.CopyFrom(0xff, 0xff, 0xff) };
        foreach (var filter in new[] { Rbac, Jwt, External })
        {
            Assert.NotEmpty(Decode(filter, new FilterConfig { Disabled = true }, change: h => h.Routes[0].TypedPerFilterConfig[filter.Name] = damaged).Errors);
        }
    }

    [Fact]
    public void Any_filter_can_be_switched_off()
    {
        var (off, errors) = Decode(Rbac, new FilterConfig { Disabled = true });

        Assert.Empty(errors);
        Assert.Equal(new FaultFilterConfig("rbac", null), off);
    }

    [Fact]
    public void Routes_that_come_by_RDS_could_override_filters_unseen()
    {
        var manager = new HttpConnectionManager
        {
            Rds = new Rds { RouteConfigName = "r", ConfigSource = new() { Ads = new() } },
            HttpFilters = { Rbac, Filter("router", new Envoy.Extensions.Filters.Http.Router.V3.Router()) },
        };
        var context = new DecodeContext();
        HttpConnectionDecoder.Decode(manager, ListenerSide.Inbound, context);
        Assert.Contains(context.Errors, e => e.StartsWith("rds: is not supported in an inbound listener with the filter \"rbac\"", StringComparison.Ordinal));
    }

    private static HttpFilter Filter(string name, IMessage config) => new() { Name = name, TypedConfig = Any.Pack(config) };

    private static (HttpFilterConfig? Override, IReadOnlyList<string> Errors) Decode(HttpFilter filter, IMessage setting, int routes = 1, Action<VirtualHost>? change = null)
    {
        var host = new VirtualHost { Name = "all", Domains = { "*" } };
        for (var i = 0; i < routes; i++)
        {
            host.Routes.Add(new Route { Match = new RouteMatch { Prefix = "/" }, NonForwardingAction = new NonForwardingAction() });
        }

        host.Routes[0].TypedPerFilterConfig[filter.Name] = Any.Pack(setting);
        change?.Invoke(host);
        var manager = new HttpConnectionManager
        {
            RouteConfig = new RouteConfiguration { Name = "r", VirtualHosts = { host } },
            HttpFilters = { filter, Filter("router", new Envoy.Extensions.Filters.Http.Router.V3.Router()) },
        };
        var context = new DecodeContext();
        var decoded = HttpConnectionDecoder.Decode(manager, ListenerSide.Inbound, context);
        var overrides = decoded?.InlineRoutes?.VirtualHosts[0].Routes[0].FilterOverrides;
        return (overrides is { Count: 1 } ? overrides.Value[0] : null, context.Errors);
    }
}
