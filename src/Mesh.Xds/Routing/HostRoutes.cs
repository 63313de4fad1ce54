using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Xds.Routing;

/// <summary>The compiled routes of one virtual host: the first that matches wins.</summary>
internal sealed class HostRoutes<TRoute>
    where TRoute : class
{
    private readonly CompiledRoute[] _routes;
    private readonly RouteIndex? _index;

    public HostRoutes(VirtualHostConfig host, Func<VirtualHostConfig, RouteEntryConfig, TRoute> compile, IRandomSource random)
    {
        _index = RouteIndex.Build(host.Routes);
        _routes = new CompiledRoute[host.Routes.Count];
        for (var i = 0; i < _routes.Length; i++)
        {
            var matcher = new RouteMatcher(host.Routes[i].Match, random);
            var whenFound = matcher.LooksOnlyAtPath && _index?.DecidesPathOf(i) == true;
            _routes[i] = new CompiledRoute(matcher, compile(host, host.Routes[i]), whenFound);
        }
    }

    public TRoute? Match<TView>(in TView request)
        where TView : struct, IRequestView, allows ref struct
        => _index is null ? Scan(in request) : Search(_index, in request);

    private TRoute? Search<TView>(RouteIndex index, in TView request)
        where TView : struct, IRequestView, allows ref struct
    {
        var candidates = default(RouteCandidates);
        if (!index.TryFind(request.Path, ref candidates))
        {
            return Scan(in request);
        }

        while (candidates.TryNext(out var i))
        {
            ref readonly var route = ref _routes[i];
            if (route.WhenFound || route.Matcher.Matches(in request))
            {
                return route.Route;
            }
        }

        return null;
    }

    private TRoute? Scan<TView>(in TView request)
        where TView : struct, IRequestView, allows ref struct
    {
        foreach (var route in _routes)
        {
            if (route.Matcher.Matches(in request))
            {
                return route.Route;
            }
        }

        return null;
    }

    /// <param name="Matcher">Asked where <paramref name="WhenFound"/> does not say it all.</param>
    /// <param name="Route">The caller's.</param>
    /// <param name="WhenFound">The route matches whatever the index finds it for: asking its matcher again would cost three cache misses.</param>
    private readonly record struct CompiledRoute(RouteMatcher Matcher, TRoute Route, bool WhenFound);
}
