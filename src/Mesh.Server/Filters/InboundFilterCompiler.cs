using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Server.Filters;

/// <summary>Compiles the HTTP filters of a filter chain.</summary>
internal sealed class InboundFilterCompiler(IEnumerable<IInboundFilterFactory> factories)
{
    private readonly IInboundFilterFactory[] _factories = [.. factories];

    /// <exception cref="InvalidOperationException">A decoder lets through a filter that no factory knows.</exception>
    public InboundFilterChain Compile(string listener, FilterChainConfig chain)
    {
        var scope = new InboundFilterScope(listener, chain.Name, "");
        var filters = new List<IInboundFilter>(chain.Http.Filters.Count);
        foreach (var config in chain.Http.Filters)
        {
            if (config is not RouterFilterConfig && Create(Overridden(config, chain.Http), scope) is { } filter)
            {
                filters.Add(filter);
            }
        }

        return new InboundFilterChain(chain.Http, [.. filters]);
    }

    // A server has one route for all requests; the decoder lets no override through elsewhere.
    private static HttpFilterConfig Overridden(HttpFilterConfig config, HttpConnectionConfig http) =>
        http.InlineRoutes is { VirtualHosts: { Count: 1 } hosts } routes && hosts[0].Routes.Count == 1
            ? FilterOverrides.Effective(config, routes, hosts[0], hosts[0].Routes[0])
            : config;

    private IInboundFilter? Create(HttpFilterConfig config, InboundFilterScope scope)
    {
        foreach (var factory in _factories)
        {
            if (factory.TryCreate(config, scope, out var filter))
            {
                return filter;
            }
        }

        throw new InvalidOperationException($"No factory makes the filter {config.Name} ({config.GetType().Name}).");
    }
}
