using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf.WellKnownTypes;

namespace ProxylessMesh.ControlPlane.Translation.Listeners;

/// <summary>The HTTP part that outbound and inbound listeners share. The router is the last filter (gRFC A39).</summary>
internal static class HttpConnectionManagers
{
    public static HttpConnectionManager WithRoutesOf(string routeConfigName, IEnumerable<HttpFilter>? filters = null) => Terminated(new HttpConnectionManager
    {
        Rds = new Rds { RouteConfigName = routeConfigName, ConfigSource = AdsSource.Create() },
        HttpFilters = { filters ?? [] },
    });

    public static HttpConnectionManager WithRoutes(RouteConfiguration routes, IEnumerable<HttpFilter>? filters = null) =>
        Terminated(new HttpConnectionManager { RouteConfig = routes, HttpFilters = { filters ?? [] } });

    private static HttpConnectionManager Terminated(HttpConnectionManager manager)
    {
        manager.HttpFilters.Add(new HttpFilter { Name = "envoy.filters.http.router", TypedConfig = Any.Pack(new Router()) });
        return manager;
    }
}
