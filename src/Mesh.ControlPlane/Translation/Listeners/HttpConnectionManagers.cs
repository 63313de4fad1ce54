using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf.WellKnownTypes;

namespace ProxylessMesh.ControlPlane.Translation.Listeners;

/// <summary>The HTTP part that outbound and inbound listeners share. The router is the last filter (gRFC A39).</summary>
internal static class HttpConnectionManagers
{
    public static HttpConnectionManager WithRoutesOf(string routeConfigName) => Terminated(new HttpConnectionManager
    {
        Rds = new Rds { RouteConfigName = routeConfigName, ConfigSource = AdsSource.Create() },
    });

    /// <param name="routes">Inline.</param>
    /// <param name="filters">Before the router, in order.</param>
    public static HttpConnectionManager WithRoutes(RouteConfiguration routes, params ReadOnlySpan<HttpFilter> filters)
    {
        var manager = new HttpConnectionManager { RouteConfig = routes };
        foreach (var filter in filters)
        {
            manager.HttpFilters.Add(filter);
        }

        return Terminated(manager);
    }

    private static HttpConnectionManager Terminated(HttpConnectionManager manager)
    {
        manager.HttpFilters.Add(new HttpFilter { Name = "envoy.filters.http.router", TypedConfig = Any.Pack(new Router()) });
        return manager;
    }
}
