using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation.Authorization;
using ProxylessMesh.ControlPlane.Translation.ExternalAuthorization;
using ProxylessMesh.ControlPlane.Translation.Jwt;
using ProxylessMesh.ControlPlane.Translation.RateLimits;

namespace ProxylessMesh.ControlPlane.Translation.Listeners;

/// <summary>The HTTP filters before the router of an inbound listener, in Istio's order: who speaks first, then what may be done.</summary>
internal static class InboundFilters
{
    public static IEnumerable<HttpFilter> Build(MeshModel model, ProxyView proxy)
    {
        if (JwtFilters.Build(model, proxy) is { } jwt)
        {
            yield return jwt;
        }

        foreach (var filter in ExternalAuthorizationFilters.Build(model, proxy).Concat(AuthorizationFilters.Build(model, proxy)).Concat(RateLimitFilters.Build(model, proxy)))
        {
            yield return filter;
        }
    }
}
