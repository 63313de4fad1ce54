using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.RateLimits.Global;
using ProxylessMesh.Server.RateLimits.Local;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Server.RateLimits;

/// <summary>The rate limit filters.</summary>
internal static class RateLimitServices
{
    public static void AddRateLimits(this IServiceCollection services)
    {
        services.TryAddSingleton<IRandomSource>(SystemRandomSource.Instance);
        services.AddSingleton<IInboundFilterFactory, LocalRateLimitFilterFactory>();
        services.AddSingleton<IInboundFilterFactory, GlobalRateLimitFilterFactory>();
    }
}
