using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Server.Filters;

/// <summary>What the one route of a server makes of its filters (typed_per_filter_config; the most specific level wins).</summary>
internal static class InboundOverrides
{
    /// <summary>Null: the route switches the filter off.</summary>
    public static HttpFilterConfig? Apply(HttpFilterConfig own, HttpConnectionConfig http)
    {
        // The decoder lets no override through elsewhere.
        if (http.InlineRoutes is not { VirtualHosts: { Count: 1 } hosts } routes || hosts[0].Routes.Count != 1)
        {
            return own;
        }

        var effective = FilterOverrides.Effective(own, routes, hosts[0], hosts[0].Routes[0]);
        return effective switch
        {
            // How a switched-off filter of any kind is written (Envoy, FilterConfig.disabled).
            FaultFilterConfig { Fault: null } => null,
            JwtOverrideConfig chosen when own is JwtFilterConfig jwt => Choose(jwt, chosen),
            ExternalAuthorizationOverrideConfig when own is ExternalAuthorizationFilterConfig external =>
                Settle(external, [routes.FilterOverrides, hosts[0].FilterOverrides, hosts[0].Routes[0].FilterOverrides]),
            _ => effective,
        };
    }

    private static JwtFilterConfig Choose(JwtFilterConfig jwt, JwtOverrideConfig chosen)
    {
        if (chosen.RequirementName is null)
        {
            return jwt with { Rules = [] };
        }

        JwtRequirementConfig? requirement = null;
        foreach (var named in jwt.Named)
        {
            requirement = named.Name == chosen.RequirementName ? named.Requirement : requirement;
        }

        return jwt with { Rules = [new JwtRuleConfig(new PathMatchConfig(PathMatchKind.Prefix, "/"), requirement)] };
    }

    /// <summary>Extensions of all levels count together, and of the same name the most specific one (Envoy, FilterConfigPerRoute::merge).</summary>
    private static ExternalAuthorizationFilterConfig Settle(ExternalAuthorizationFilterConfig own, EquatableArray<HttpFilterConfig>[] levels)
    {
        if (own.Authorizer is not { } authorizer)
        {
            return own;
        }

        var extensions = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var level in levels)
        {
            if (FilterOverrides.Find(level, own.Name) is not ExternalAuthorizationOverrideConfig settings)
            {
                continue;
            }

            foreach (var (name, value) in settings.ContextExtensions.Entries)
            {
                extensions[name] = value;
            }

            authorizer = settings.HidesBody ? authorizer with { Body = null } : settings.Body is { } body ? authorizer with { Body = body } : authorizer;
        }

        return own with { Authorizer = authorizer with { ContextExtensions = EquatableMap.From(extensions) } };
    }
}
