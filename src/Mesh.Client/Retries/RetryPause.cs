using ProxylessMesh.Client.Calls;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Retries;

/// <summary>How long to wait before the next attempt: what the response asks for, else the usual back-off.</summary>
internal static class RetryPause
{
    public static TimeSpan Of(RetryPolicyConfig policy, int retry, HttpResponseMessage? response, CallContext context) =>
        (policy.RateLimitedBackOff is { } limited && response is not null ? RateLimitedBackOff.Of(limited, response, context.Time, context.Random) : null)
        ?? RetryBackOff.Of(policy, retry, context.Random);
}
