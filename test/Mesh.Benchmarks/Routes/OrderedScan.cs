using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Benchmarks.Routes;

/// <summary>The same compiled matchers, asked one after the other.</summary>
internal sealed class OrderedScan(RouteConfig config)
{
    private readonly RouteMatcher[] _matchers = [.. config.VirtualHosts[0].Routes.Select(r => new RouteMatcher(r.Match, SystemRandomSource.Instance))];

    public int Match(in RouteRequest request)
    {
        for (var i = 0; i < _matchers.Length; i++)
        {
            if (_matchers[i].Matches(in request))
            {
                return i;
            }
        }

        return -1;
    }
}
