using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.LocalRatelimit.V3;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Listeners;

/// <summary>
/// typed_per_filter_config of inbound routes. A server has one route for all requests, so overrides are applied when the chain is
/// compiled; what cannot be applied so is refused, because an override that is passed over would change what the filter does.
/// </summary>
internal static class InboundOverrideRules
{
    public static void Check(RouteConfiguration? routes, EquatableArray<HttpFilterConfig> filters, DecodeContext context)
    {
        if (routes is null)
        {
            return;
        }

        var isOneRoute = routes.VirtualHosts is [{ Routes.Count: 1 }];
        Check(routes.TypedPerFilterConfig, filters, isOneRoute, context);
        foreach (var host in routes.VirtualHosts)
        {
            Check(host.TypedPerFilterConfig, filters, isOneRoute, context);
            foreach (var route in host.Routes)
            {
                Check(route.TypedPerFilterConfig, filters, isOneRoute, context);
            }
        }
    }

    private static void Check(MapField<string, Any> overrides, EquatableArray<HttpFilterConfig> filters, bool isOneRoute, DecodeContext context)
    {
        foreach (var (name, config) in overrides)
        {
            foreach (var filter in filters)
            {
                var canBe = isOneRoute && filter is LocalRateLimitFilterConfig && TypedConfig.Is(config, TypeNames.LocalRateLimit);
                if (filter.Name == name && !canBe)
                {
                    context.Error("typed_per_filter_config", $"of {DecodeContext.Quote(name)} is not supported in an inbound listener");
                }
            }
        }
    }
}
