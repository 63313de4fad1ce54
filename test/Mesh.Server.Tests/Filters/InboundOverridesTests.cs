using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Tests.Filters;

/// <summary>How the levels of typed_per_filter_config come together for one filter.</summary>
public sealed class InboundOverridesTests
{
    private static readonly ExternalAuthorizationFilterConfig Own = new(
        "ext", new ExternalAuthorizationConfig { Grpc = new GrpcServiceConfig("authz", 9000), Body = new CheckedBodyConfig(10, false, false) });

    [Fact]
    public void Context_extensions_of_all_levels_count_and_of_one_name_the_most_specific()
    {
        var settled = Apply(
            Own,
            onRoutes: Tells("tier=silver", "all=yes"),
            onHost: Tells("tier=gold"),
            onRoute: Tells("route=first") with { Body = new CheckedBodyConfig(99, true, true) });

        var authorizer = Assert.IsType<ExternalAuthorizationFilterConfig>(settled).Authorizer!;
        Assert.Equal("all=yes,route=first,tier=gold", string.Join(',', authorizer.ContextExtensions.Entries.Select(e => $"{e.Key}={e.Value}")));
        Assert.Equal(new CheckedBodyConfig(99, true, true), authorizer.Body);
    }

    [Fact]
    public void A_route_can_hide_bodies()
    {
        var settled = Apply(Own, onRoute: new ExternalAuthorizationOverrideConfig("ext") { HidesBody = true });

        Assert.Null(Assert.IsType<ExternalAuthorizationFilterConfig>(settled).Authorizer!.Body);
    }

    [Fact]
    public void What_is_switched_off_at_the_most_specific_level_is_off_whatever_the_others_say()
    {
        Assert.Null(Assert.IsType<ExternalAuthorizationFilterConfig>(
            Apply(Own, onHost: Tells("tier=gold"), onRoute: new ExternalAuthorizationFilterConfig("ext", null))).Authorizer);
        Assert.Null(Apply(Own, onRoute: new FaultFilterConfig("ext", null)));
        Assert.Same(Own, Apply(Own, onRoute: new FaultFilterConfig("another", null)));
    }

    [Fact]
    public void With_several_routes_nothing_is_applied()
    {
        var route = Route([new FaultFilterConfig("ext", null)]);
        var http = new HttpConnectionConfig(null, new RouteConfig("r", [new VirtualHostConfig("all", ["*"], [route, route])]), []);

        Assert.Same(Own, InboundOverrides.Apply(Own, http));
    }

    private static ExternalAuthorizationOverrideConfig Tells(params string[] extensions) => new("ext")
    {
        ContextExtensions = EquatableMap.From(extensions.Select(e => new KeyValuePair<string, string>(e.Split('=')[0], e.Split('=')[1]))),
    };

    private static HttpFilterConfig? Apply(HttpFilterConfig own, HttpFilterConfig? onRoutes = null, HttpFilterConfig? onHost = null, HttpFilterConfig? onRoute = null)
    {
        var host = new VirtualHostConfig("all", ["*"], [Route(List(onRoute))]) { FilterOverrides = [.. List(onHost)] };
        return InboundOverrides.Apply(own, new HttpConnectionConfig(null, new RouteConfig("r", [host]) { FilterOverrides = [.. List(onRoutes)] }, []));
    }

    private static RouteEntryConfig Route(HttpFilterConfig[] overrides) =>
        new("all", new RouteMatchConfig(new PathMatchConfig(PathMatchKind.Prefix, "/"), [], [], null), new NonForwardingActionConfig()) { FilterOverrides = [.. overrides] };

    private static HttpFilterConfig[] List(HttpFilterConfig? config) => config is null ? [] : [config];
}
