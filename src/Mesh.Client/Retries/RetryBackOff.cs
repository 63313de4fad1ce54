using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.Retries;

/// <summary>Fully jittered exponential back-off: uniform in [0, base x (2^n - 1)), up to the maximum (Envoy router filter, x-envoy-max-retries).</summary>
internal static class RetryBackOff
{
    private const int LargestExponent = 30;

    public static TimeSpan Of(RetryPolicyConfig policy, int retry, IRandomSource random)
    {
        var factor = (1L << Math.Min(retry, LargestExponent)) - 1;
        var range = Math.Min(policy.BaseInterval.Ticks * (double)factor, policy.MaxInterval.Ticks);
        return TimeSpan.FromTicks((long)(random.NextDouble() * range));
    }
}
