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
    private readonly DomainTable<HostRoutes<TRoute>> _hosts;
    private readonly bool _ignorePort;

    /// <param name="config">Decoded, hence valid.</param>
    /// <param name="compile">Makes the caller's route, once per entry.</param>
    /// <param name="random">For runtime_fraction.</param>
    public RouteTable(RouteConfig config, Func<VirtualHostConfig, RouteEntryConfig, TRoute> compile, IRandomSource random)
    {
        var domains = new List<KeyValuePair<string, HostRoutes<TRoute>>>();
        foreach (var host in config.VirtualHosts)
        {
            var routes = new HostRoutes<TRoute>(host, compile, random);
            foreach (var domain in host.Domains)
            {
                domains.Add(new(domain, routes));
            }
        }

        _ignorePort = config.IgnorePort;
        _hosts = new DomainTable<HostRoutes<TRoute>>(domains);
    }

    /// <summary>The first route that matches, or null: no virtual host for the authority, or no route in it (404 NR).</summary>
    public TRoute? Match<TView>(in TView request)
        where TView : struct, IRequestView, allows ref struct
        => _hosts.Find(_ignorePort ? AuthorityPort.Without(request.Authority) : request.Authority)?.Match(in request);
}
