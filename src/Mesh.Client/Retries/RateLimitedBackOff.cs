using System.Globalization;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.Retries;

/// <summary>The pause that a response asks for by Retry-After, X-RateLimit-Reset and the like, plus up to half of it at random (Envoy, rate_limited_retry_back_off).</summary>
internal static class RateLimitedBackOff
{
    private const double MaxJitter = 0.5;

    /// <summary>Null: the response asks for nothing that makes sense, and the usual back-off counts.</summary>
    public static TimeSpan? Of(RateLimitedBackOffConfig config, HttpResponseMessage response, TimeProvider time, IRandomSource random)
    {
        foreach (var header in config.ResetHeaders)
        {
            if (new ResponseHeadersView(response).TryGetHeader(header.Name, out var text)
                && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                && Wait(header, seconds, time) is { } wait
                && wait <= config.MaxInterval)
            {
                return wait * (1 + (random.NextDouble() * MaxJitter));
            }
        }

        return null;
    }

    private static TimeSpan? Wait(ResetHeaderConfig header, long seconds, TimeProvider time)
    {
        if (header.IsUnixTimestamp)
        {
            seconds -= time.GetUtcNow().ToUnixTimeSeconds();
        }

        return seconds is >= 0 and <= int.MaxValue ? TimeSpan.FromSeconds(seconds) : null;
    }
}
