using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Routing;

/// <summary>
/// What a filter of the chain does for a route: the setting of its only cluster, else of the route, its virtual host, the route
/// configuration, and at last its own (gRFC A39: the most specific wins).
/// </summary>
internal static class FilterOverrides
{
    public static HttpFilterConfig Effective(HttpFilterConfig own, RouteConfig routes, VirtualHostConfig host, RouteEntryConfig route)
    {
        var cluster = route.Action is ForwardActionConfig { Clusters: { Count: 1 } only } ? Find(only[0].FilterOverrides, own.Name) : null;
        return cluster
            ?? Find(route.FilterOverrides, own.Name)
            ?? Find(host.FilterOverrides, own.Name)
            ?? Find(routes.FilterOverrides, own.Name)
            ?? own;
    }

    public static HttpFilterConfig? Find(EquatableArray<HttpFilterConfig> overrides, string name)
    {
        foreach (var filter in overrides)
        {
            if (filter.Name == name)
            {
                return filter;
            }
        }

        return null;
    }
}
