using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.OutlierDetection;

/// <summary>Whom the counts of one interval speak against (gRFC A50, steps 3 and 4; outlier_detection.proto).</summary>
internal static class OutlierSweep
{
    private const double Thousandth = 1000;

    /// <summary>Endpoints whose success rate lies more than the given deviations below the mean, with the enforcing percentage.</summary>
    public static IEnumerable<Endpoint> BySuccessRate(SuccessRateConfig config, IReadOnlyList<IntervalCount> counts)
    {
        var judged = counts.Where(c => c.Total >= Math.Max(1, config.RequestVolume)).Select(c => (c.Endpoint, Rate: (double)c.Successes / c.Total)).ToArray();
        if (judged.Length == 0 || judged.Length < config.MinimumHosts)
        {
            return [];
        }

        var mean = judged.Average(j => j.Rate);
        var deviation = Math.Sqrt(judged.Average(j => (j.Rate - mean) * (j.Rate - mean)));
        var least = mean - (deviation * config.StdevFactor / Thousandth);
        return judged.Where(j => j.Rate < least).Select(j => j.Endpoint);
    }

    /// <summary>Endpoints that reach the threshold. At the threshold itself Envoy ejects; gRFC A50 only above it.</summary>
    public static IEnumerable<Endpoint> ByFailurePercentage(FailurePercentageConfig config, IReadOnlyList<IntervalCount> counts)
    {
        var judged = counts.Where(c => c.Total >= Math.Max(1, config.RequestVolume)).ToArray();
        return judged.Length < config.MinimumHosts
            ? []
            : judged.Where(j => 100.0 * (j.Total - j.Successes) / j.Total >= config.Threshold).Select(j => j.Endpoint);
    }
}
