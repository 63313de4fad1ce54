using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>
/// How much of its weight a new endpoint has: (age / window)^(1 / aggression), no less than the minimum (Envoy, "Slow start
/// mode"). The age counts from when this client learned of it.
/// </summary>
internal static class SlowStart
{
    private static readonly TimeSpan FirstSecond = TimeSpan.FromSeconds(1);

    public static double Factor(SlowStartConfig config, TimeSpan age)
    {
        if (age >= config.Window)
        {
            return 1;
        }

        var grown = (age > FirstSecond ? age : FirstSecond) / config.Window;
        return Math.Clamp(config.Aggression == 1 ? grown : Math.Pow(grown, 1 / config.Aggression), config.MinimumShare, 1);
    }

    /// <summary>How often weights are computed anew while something warms up: twenty steps, a second at least.</summary>
    public static TimeSpan Step(SlowStartConfig config) => config.Window / 20 > FirstSecond ? config.Window / 20 : FirstSecond;

    /// <summary>Whether any endpoint is still in its window.</summary>
    public static bool IsAny(SlowStartConfig config, ClusterMember[] members, TimeProvider time)
    {
        foreach (var member in members)
        {
            if (time.GetElapsedTime(member.Endpoint.Since) < config.Window)
            {
                return true;
            }
        }

        return false;
    }
}
