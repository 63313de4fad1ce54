using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ProxylessMesh.Server.RateLimits;

/// <summary>x-ratelimit headers of a response (draft-polli-ratelimit-headers-03), as Envoy writes them.</summary>
internal static class RateLimitHeaders
{
    public static void Set(IHeaderDictionary headers, uint limit, uint remaining, long secondsToReset) =>
        Set(headers, limit.ToString(CultureInfo.InvariantCulture), remaining, secondsToReset);

    public static void Set(IHeaderDictionary headers, string limit, uint remaining, long secondsToReset)
    {
        headers["x-ratelimit-limit"] = limit;
        headers["x-ratelimit-remaining"] = remaining.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-reset"] = secondsToReset.ToString(CultureInfo.InvariantCulture);
    }
}
