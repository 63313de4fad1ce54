using Microsoft.Extensions.Logging;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.FilterServices;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Server.Listening;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;
using ProxylessMesh.Xds.RateLimits;

namespace ProxylessMesh.Server.RateLimits.Global;

/// <summary>Compiles global rate limits.</summary>
internal sealed class GlobalRateLimitFilterFactory(
    IInboundMesh mesh, ServiceChannels channels, IRandomSource random, ILogger<GlobalRateLimitFilterFactory> logger) : IInboundFilterFactory
{
    private readonly LogThrottle _failures = new(mesh.Time, TimeSpan.FromSeconds(10));

    public bool TryCreate(HttpFilterConfig config, InboundFilterScope scope, out IInboundFilter? filter)
    {
        filter = null;
        if (config is not GlobalRateLimitFilterConfig global)
        {
            return false;
        }

        if (global.Limits is { EnabledPerMillion: > 0 } limits)
        {
            filter = new GlobalRateLimitFilter(limits, new RateLimitClient(channels.Find(limits.Service), limits), random, _failures, logger);
        }

        return true;
    }
}
