using Envoy.Config.Route.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Cors;
using ProxylessMesh.Xds.Resources.Faults;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>Route: a match and an action. What an action asks for beyond what we do makes it an unsupported one.</summary>
internal static class RouteDecoder
{
    public static RouteEntryConfig? Decode(Route route, in RouteDefaults defaults, DecodeContext context)
    {
        var match = RouteMatchDecoder.Decode(route.Match, context);
        var headers = defaults.With(HeaderMutationDecoder.Decode(
            route.RequestHeadersToAdd, route.RequestHeadersToRemove, route.ResponseHeadersToAdd, route.ResponseHeadersToRemove, context));
        var limited = defaults with { ReplayLimit = ReplayLimit.Of(route, defaults.ReplayLimit) };
        var action = Action(route, in limited, headers, context);
        var cors = Cors(route, context) ?? defaults.Cors;
        var overrides = FilterOverrideDecoder.Decode(route.TypedPerFilterConfig, context);
        return match is null || action is null
            ? null
            : new RouteEntryConfig(route.Name, match, action)
            {
                Headers = headers,
                ClusterHeadersLast = defaults.MostSpecificHeadersWin,
                FilterOverrides = overrides,
                Origin = RouteOrigin.Of(route.Metadata),
                Cors = cors,
            };
    }

    private static CorsConfig? Cors(Route route, DecodeContext context)
    {
        using (context.Enter("route"))
        {
            return CorsPolicyDecoder.Legacy(route.Route_?.Cors, context);
        }
    }

    private static RouteActionConfig? Action(Route route, in RouteDefaults defaults, HeaderMutationsConfig headers, DecodeContext context)
    {
        switch (route.ActionCase)
        {
            case Route.ActionOneofCase.Route_:
                using (context.Enter("route"))
                {
                    return RouteActionDecoder.Decode(route.Route_, in defaults, context);
                }

            case Route.ActionOneofCase.DirectResponse:
                using (context.Enter("direct_response"))
                {
                    return DirectResponseDecoder.Decode(route.DirectResponse, defaults.MaxBody, context);
                }

            case Route.ActionOneofCase.Redirect:
                using (context.Enter("redirect"))
                {
                    return RedirectDecoder.Decode(route.Redirect, context);
                }

            case Route.ActionOneofCase.NonForwardingAction:
                return headers == HeaderMutationsConfig.None
                    ? NonForwardingActionConfig.Instance
                    : new UnsupportedActionConfig("changing headers on an inbound listener is not supported");
            default:
                // A kind of action newer than we are; the route must still catch what it catches (gRFC A28).
                return new UnsupportedActionConfig("the action is missing or of a kind that is not supported");
        }
    }
}
