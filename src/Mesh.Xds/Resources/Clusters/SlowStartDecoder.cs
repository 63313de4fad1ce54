using ProxylessMesh.Xds.Config;
using SlowStart = Envoy.Config.Cluster.V3.Cluster.Types.SlowStartConfig;

namespace ProxylessMesh.Xds.Resources.Clusters;

/// <summary>Cluster.SlowStartConfig.</summary>
internal static class SlowStartDecoder
{
    private const double DefaultMinimumPercent = 10;

    public static SlowStartConfig? Decode(SlowStart? config, DecodeContext context)
    {
        if (config is null)
        {
            return null;
        }

        using (context.Enter("slow_start_config"))
        {
            var window = DurationReader.NotNegative(config.SlowStartWindow, "slow_start_window", context) ?? TimeSpan.Zero;
            var aggression = config.Aggression?.DefaultValue ?? 1;
            if (!(aggression > 0) || double.IsInfinity(aggression))
            {
                context.Error("aggression", "must be a number above 0");
                return null;
            }

            var minimum = config.MinWeightPercent?.Value ?? DefaultMinimumPercent;
            if (minimum is not (>= 0 and <= 100))
            {
                context.Error("min_weight_percent", "must be 0 to 100");
                return null;
            }

            return window == TimeSpan.Zero ? null : new SlowStartConfig(window, aggression, minimum / 100);
        }
    }
}
