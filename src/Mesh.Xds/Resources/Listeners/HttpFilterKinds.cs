using Envoy.Extensions.Filters.Http.ExtAuthz.V3;
using Envoy.Extensions.Filters.Http.Fault.V3;
using Envoy.Extensions.Filters.Http.JwtAuthn.V3;
using Envoy.Extensions.Filters.Http.LocalRatelimit.V3;
using Envoy.Extensions.Filters.Http.Ratelimit.V3;
using Envoy.Extensions.Filters.Http.Rbac.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Resources.Authorization;
using ProxylessMesh.Xds.Resources.Cors;
using ProxylessMesh.Xds.Resources.ExternalAuthorization;
using ProxylessMesh.Xds.Resources.Faults;
using ProxylessMesh.Xds.Resources.Jwt;
using ProxylessMesh.Xds.Resources.RateLimits;
using ProxylessMesh.Xds.Resources.Sessions;

namespace ProxylessMesh.Xds.Resources.Listeners;

/// <summary>The HTTP filters that we know, by the type of their configuration.</summary>
internal static class HttpFilterKinds
{
    // A handful: found by looking at each.
    private static readonly HttpFilterKind[] All =
    [
        new(TypeNames.Router, ListenerSide.Outbound | ListenerSide.Inbound, RouterDecoder.Decode),
        new(TypeNames.HttpFault, ListenerSide.Outbound, FaultFilterDecoder.Decode),
        new(TypeNames.StatefulSession, ListenerSide.Outbound, SessionDecoder.Decode),
        new(TypeNames.Cors, ListenerSide.Outbound, CorsFilterDecoder.Decode),
        new(TypeNames.JwtAuthentication, ListenerSide.Inbound, JwtFilterDecoder.Decode),
        new(TypeNames.Rbac, ListenerSide.Inbound, RbacFilterDecoder.Decode),
        new(TypeNames.ExtAuthz, ListenerSide.Inbound, ExternalAuthorizationDecoder.Decode),
        new(TypeNames.LocalRateLimit, ListenerSide.Inbound, LocalRateLimitDecoder.Decode),
        new(TypeNames.RateLimit, ListenerSide.Inbound, GlobalRateLimitDecoder.Decode),
    ];

    public static HttpFilterKind? Of(Any? config)
    {
        foreach (var kind in All)
        {
            if (TypedConfig.Is(config, kind.Type))
            {
                return kind;
            }
        }

        return null;
    }
}
