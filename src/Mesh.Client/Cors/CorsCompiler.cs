using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Dependencies;

namespace ProxylessMesh.Client.Cors;

/// <summary>
/// The policy of a route: the most specific override of the chain's CORS filter, else what the route or its virtual host says in the
/// older field (Envoy, CORS filter). Without the filter there is none.
/// </summary>
internal static class CorsCompiler
{
    public static CorsPolicy? Compile(ServiceSnapshot snapshot, VirtualHostConfig host, RouteEntryConfig route)
    {
        foreach (var filter in snapshot.Listener.Http.Filters)
        {
            if (filter is CorsFilterConfig chain)
            {
                var found = Find(route.FilterOverrides, chain.Name)
                    ?? Find(host.FilterOverrides, chain.Name)
                    ?? Find(snapshot.Routes.FilterOverrides, chain.Name);
                var policy = found is null && !chain.Disabled ? route.Cors : (found as CorsFilterConfig)?.Policy;
                return policy is null ? null : new CorsPolicy(policy);
            }
        }

        return null;
    }

    private static HttpFilterConfig? Find(EquatableArray<HttpFilterConfig> overrides, string name)
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
