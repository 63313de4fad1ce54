using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.JwtAuthn.V3;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Listeners;

/// <summary>
/// typed_per_filter_config of inbound routes. Where one route takes all requests, overrides are applied when the chain is compiled.
/// Elsewhere they are refused: one that is passed over, or that counts for more requests than it is meant for, would change what the
/// filter does.
/// </summary>
internal static class InboundOverrideRules
{
    public static void Check(RouteConfiguration? routes, EquatableArray<HttpFilterConfig> filters, DecodeContext context)
    {
        if (routes is null)
        {
            return;
        }

        var isOneRoute = routes.VirtualHosts is [{ Routes: [var only] } host] && host.Domains.Contains("*") && TakesAll(only.Match);
        Check(routes.TypedPerFilterConfig, filters, isOneRoute, context);
        foreach (var each in routes.VirtualHosts)
        {
            Check(each.TypedPerFilterConfig, filters, isOneRoute, context);
            foreach (var route in each.Routes)
            {
                Check(route.TypedPerFilterConfig, filters, isOneRoute, context);
                CheckClusters(route.Route_, filters, context);
            }
        }
    }

    /// <summary>Of a route that arrives by RDS nothing is known here, so nothing may stand in the chain that it could change.</summary>
    public static void CheckRemote(EquatableArray<HttpFilterConfig> filters, DecodeContext context)
    {
        foreach (var filter in filters)
        {
            if (filter is not RouterFilterConfig)
            {
                context.Error("rds", $"is not supported in an inbound listener with the filter {DecodeContext.Quote(filter.Name)}: its routes could override it");
                return;
            }
        }
    }

    private static void Check(MapField<string, Any> overrides, EquatableArray<HttpFilterConfig> filters, bool isOneRoute, DecodeContext context)
    {
        foreach (var (name, config) in overrides)
        {
            foreach (var filter in filters)
            {
                if (filter.Name == name && (!isOneRoute || !Fits(filter, config, context)))
                {
                    context.Error("typed_per_filter_config", $"of {DecodeContext.Quote(name)} is not supported in an inbound listener");
                }
            }
        }
    }

    private static bool TakesAll(RouteMatch? match)
    {
        if (match is not { PathSpecifierCase: RouteMatch.PathSpecifierOneofCase.Prefix, Prefix: "" or "/" })
        {
            return false;
        }

        // Nothing else may be asked, in fields of later versions neither.
        var rest = new RouteMatch(match) { CaseSensitive = null };
        rest.ClearPathSpecifier();
        return rest.CalculateSize() == 0;
    }

    // An inbound route serves its requests itself.
    private static void CheckClusters(RouteAction? action, EquatableArray<HttpFilterConfig> filters, DecodeContext context)
    {
        foreach (var cluster in action?.WeightedClusters?.Clusters ?? [])
        {
            Check(cluster.TypedPerFilterConfig, filters, isOneRoute: false, context);
        }
    }

    private static bool Fits(HttpFilterConfig filter, Any config, DecodeContext context)
    {
        if (TypedConfig.Is(config, TypeNames.FilterConfig))
        {
            // Anything else could switch on what the chain has switched off.
            return TypedConfig.Unpack(config, TypeNames.FilterConfig, FilterConfig.Parser, filter.Name, context) is { Disabled: true };
        }

        return filter switch
        {
            RbacFilterConfig => TypedConfig.Is(config, TypeNames.RbacPerRoute),
            ExternalAuthorizationFilterConfig { Authorizer: null } => false,
            ExternalAuthorizationFilterConfig => TypedConfig.Is(config, TypeNames.ExtAuthzPerRoute),
            LocalRateLimitFilterConfig => TypedConfig.Is(config, TypeNames.LocalRateLimit),
            JwtFilterConfig jwt => TypedConfig.Is(config, TypeNames.JwtPerRoute) && NamesRequirement(jwt, config, context),
            _ => false,
        };
    }

    private static bool NamesRequirement(JwtFilterConfig filter, Any config, DecodeContext context)
    {
        if (TypedConfig.Unpack(config, TypeNames.JwtPerRoute, PerRouteConfig.Parser, filter.Name, context) is not { } route)
        {
            return true;
        }

        var found = route.Disabled || filter.Named.Any(n => n.Name == route.RequirementName);
        if (!found)
        {
            context.Error("typed_per_filter_config", $"of {DecodeContext.Quote(filter.Name)}: {DecodeContext.Quote(route.RequirementName)} is not in requirement_map");
        }

        return true;
    }
}
