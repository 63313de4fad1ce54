using System.Collections.Concurrent;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Server.RateLimits.Local;

/// <summary>
/// Compiles local rate limits. Buckets belong to a port and a filter's name, so that a PERMISSIVE port has one limit for its two
/// kinds of connections, and updates give nobody new tokens.
/// </summary>
internal sealed class LocalRateLimitFilterFactory(IInboundMesh mesh, IRandomSource random) : IInboundFilterFactory
{
    private readonly ConcurrentDictionary<(string Listener, string Filter), LocalBuckets> _last = new();
    private readonly NanosecondClock _clock = new(mesh.Time);

    public bool TryCreate(HttpFilterConfig config, InboundFilterScope scope, out IInboundFilter? filter)
    {
        filter = null;
        if (config is not LocalRateLimitFilterConfig local)
        {
            return false;
        }

        var at = (scope.Listener, config.Name);
        if (local.Limits is not { EnabledPerMillion: > 0 } limits)
        {
            _last.TryRemove(at, out _);
            return true;
        }

        var last = _last.GetValueOrDefault(at);
        var buckets = last?.Config == limits ? last : new LocalBuckets(limits, last, _clock.Now);
        _last[at] = buckets;
        filter = new LocalRateLimitFilter(buckets, _clock, random);
        return true;
    }
}
