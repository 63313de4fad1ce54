using Envoy.Config.Route.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Faults;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>Route: a match and an action. What an action asks for beyond what we do makes it an unsupported one.</summary>
internal static class RouteDecoder
{
    public static RouteEntryConfig? Decode(Route route, RetryDecoding retryDefaults, uint maxBody, DecodeContext context)
    {
        var match = RouteMatchDecoder.Decode(route.Match, context);
        var action = Action(route, retryDefaults, maxBody, context);
        var overrides = FilterOverrideDecoder.Decode(route.TypedPerFilterConfig, context);
        return match is null || action is null ? null : new RouteEntryConfig(route.Name, match, action) { FilterOverrides = overrides };
    }

    private static RouteActionConfig? Action(Route route, RetryDecoding retryDefaults, uint maxBody, DecodeContext context)
    {
        switch (route.ActionCase)
        {
            case Route.ActionOneofCase.Route_:
                using (context.Enter("route"))
                {
                    return Unless(HeaderChange(route), RouteActionDecoder.Decode(route.Route_, retryDefaults, context));
                }

            case Route.ActionOneofCase.DirectResponse:
                using (context.Enter("direct_response"))
                {
                    return Unless(HeaderChange(route), DirectResponseDecoder.Decode(route.DirectResponse, maxBody, context));
                }

            case Route.ActionOneofCase.NonForwardingAction:
                return Unless(HeaderChange(route), NonForwardingActionConfig.Instance);
            case Route.ActionOneofCase.Redirect:
                return new UnsupportedActionConfig("redirect is not supported");
            default:
                // A kind of action newer than we are; the route must still catch what it catches (gRFC A28).
                return new UnsupportedActionConfig("the action is missing or of a kind that is not supported");
        }
    }

    private static RouteActionConfig? Unless(string? unsupported, RouteActionConfig? action) =>
        unsupported is null || action is null ? action : new UnsupportedActionConfig($"{unsupported} is not supported");

    private static string? HeaderChange(Route route) => route switch
    {
        { RequestHeadersToAdd.Count: > 0 } => "request_headers_to_add",
        { RequestHeadersToRemove.Count: > 0 } => "request_headers_to_remove",
        { ResponseHeadersToAdd.Count: > 0 } => "response_headers_to_add",
        { ResponseHeadersToRemove.Count: > 0 } => "response_headers_to_remove",
        _ => null,
    };
}
