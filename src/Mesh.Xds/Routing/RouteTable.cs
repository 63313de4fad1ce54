using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Xds.Routing;

/// <summary>
/// A compiled RouteConfiguration: finds the virtual host of an authority and its first route that matches
/// (route_components.proto; gRFC A28). <typeparamref name="TRoute"/> is what the caller made of each route.
/// </summary>
internal sealed class RouteTable<TRoute>
    where TRoute : class
{
    private readonly DomainTable<CompiledRoute[]> _hosts;

    /// <param name="config">Decoded, hence valid.</param>
    /// <param name="compile">Makes the caller's route, once per entry.</param>
    /// <param name="random">For runtime_fraction.</param>
    public RouteTable(RouteConfig config, Func<VirtualHostConfig, RouteEntryConfig, TRoute> compile, IRandomSource random)
    {
        var domains = new List<KeyValuePair<string, CompiledRoute[]>>();
        foreach (var host in config.VirtualHosts)
        {
            var routes = new CompiledRoute[host.Routes.Count];
            for (var i = 0; i < routes.Length; i++)
            {
                routes[i] = new CompiledRoute(new RouteMatcher(host.Routes[i].Match, random), compile(host, host.Routes[i]));
            }

            foreach (var domain in host.Domains)
            {
                domains.Add(new(domain, routes));
            }
        }

        _hosts = new DomainTable<CompiledRoute[]>(domains);
    }

    /// <summary>The first route that matches, or null: no virtual host for the authority, or no route in it (404 NR).</summary>
    public TRoute? Match<TView>(in TView request)
        where TView : struct, IRequestView, allows ref struct
    {
        var routes = _hosts.Find(request.Authority);
        if (routes is not null)
        {
            foreach (var route in routes)
            {
                if (route.Matcher.Matches(in request))
                {
                    return route.Route;
                }
            }
        }

        return null;
    }

    private readonly record struct CompiledRoute(RouteMatcher Matcher, TRoute Route);
}
