using ProxylessMesh.Client.Services;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.Services;

/// <summary>What a route would have a filter do that has run before the route was chosen: none is passed over.</summary>
public sealed class GatewayOverridesTests
{
    private static readonly HttpFilterConfig s_rbac = new RbacFilterConfig("rbac", null, null);
    private static readonly RouteEntryConfig s_route = new("r", new RouteMatchConfig(new PathMatchConfig(PathMatchKind.Prefix, "/"), [], [], null), new DirectResponseActionConfig(200, ""));

    [Fact]
    public void They_are_found_on_each_level()
    {
        Assert.Equal("rbac", GatewayOverrides.Find(Routes(s_route) with { FilterOverrides = [s_rbac] }));
        Assert.Equal("rbac", GatewayOverrides.Find(new RouteConfig("c", [new VirtualHostConfig("h", ["*"], [s_route]) { FilterOverrides = [s_rbac] }])));
        Assert.Equal("rbac", GatewayOverrides.Find(Routes(s_route with { FilterOverrides = [s_rbac] })));
    }

    [Fact]
    public void Those_of_the_calling_side_are_followed() =>
        Assert.Null(GatewayOverrides.Find(Routes(s_route with { FilterOverrides = [new FaultFilterConfig("fault", null), new CorsFilterConfig("cors", null!)] })));

    private static RouteConfig Routes(RouteEntryConfig route) => new("c", [new VirtualHostConfig("h", ["*"], [route])]);
}
