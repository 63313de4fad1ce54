using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Services;

/// <summary>
/// What routes of a gateway ask of filters that run before a route is chosen. It would not be done, and so they are not followed: what a
/// route means to forbid must not pass.
/// </summary>
internal static class GatewayOverrides
{
    /// <summary>Name of the filter; null: there is no such override.</summary>
    public static string? Find(RouteConfig routes)
    {
        var levels = routes.VirtualHosts.SelectMany(h => h.Routes.Select(r => r.FilterOverrides).Prepend(h.FilterOverrides)).Prepend(routes.FilterOverrides);
        var clusters = routes.VirtualHosts.SelectMany(h => h.Routes).Select(r => r.Action).OfType<ForwardActionConfig>().SelectMany(a => a.Clusters);
        return levels.Concat(clusters.Select(c => c.FilterOverrides)).SelectMany(level => level)
            .FirstOrDefault(o => o is RbacFilterConfig or JwtOverrideConfig or ExternalAuthorizationOverrideConfig or LocalRateLimitFilterConfig)?.Name;
    }
}
