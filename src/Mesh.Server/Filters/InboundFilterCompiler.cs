using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Filters;

/// <summary>Compiles the HTTP filters of a filter chain.</summary>
internal sealed class InboundFilterCompiler(IEnumerable<IInboundFilterFactory> factories)
{
    private readonly IInboundFilterFactory[] _factories = [.. factories];

    /// <exception cref="InvalidOperationException">A decoder lets through a filter that no factory knows.</exception>
    public InboundFilterChain Compile(string listener, string chain, HttpConnectionConfig http)
    {
        var scope = new InboundFilterScope(listener, chain, "");
        var filters = new List<IInboundFilter>(http.Filters.Count);
        foreach (var config in http.Filters)
        {
            if (config is not RouterFilterConfig && InboundOverrides.Apply(config, http) is { } effective && Create(effective, scope) is { } filter)
            {
                filters.Add(filter);
            }
        }

        return new InboundFilterChain(http, [.. filters]);
    }

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
