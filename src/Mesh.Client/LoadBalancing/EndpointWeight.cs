using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>
/// The weight that an endpoint's reports give it: requests per second by what they cost (gRFC A58, "Subchannel Weights"). Reports come on
/// any thread; whoever reads one half of two of them at once reads weights that were both true a moment ago.
/// </summary>
internal sealed class EndpointWeight
{
    private const long Never = long.MaxValue;

    private double _weight;
    private long _lastUpdated;
    private long _nonEmptySince = Never;

    public void Update(in LoadReport report, ClientWeightsConfig config, long now)
    {
        var weight = Of(in report, config);
        if (!(weight > 0) || double.IsInfinity(weight))
        {
            return;
        }

        Interlocked.CompareExchange(ref _nonEmptySince, now, Never);
        Volatile.Write(ref _lastUpdated, now);
        Volatile.Write(ref _weight, weight);
    }

    /// <summary>0: not known, or not long enough.</summary>
    public double Get(ClientWeightsConfig config, TimeProvider time, long now)
    {
        var since = Volatile.Read(ref _nonEmptySince);
        if (since == Never)
        {
            return 0;
        }

        if (time.GetElapsedTime(Volatile.Read(ref _lastUpdated), now) >= config.Expiration)
        {
            Interlocked.CompareExchange(ref _nonEmptySince, Never, since);
            return 0;
        }

        return config.Blackout > TimeSpan.Zero && time.GetElapsedTime(since, now) < config.Blackout ? 0 : Volatile.Read(ref _weight);
    }

    private static double Of(in LoadReport report, ClientWeightsConfig config)
    {
        var (requests, errors) = (report.RequestsPerSecond, report.ErrorsPerSecond);
        var utilization = Utilization.Of(in report, config.MetricNames);
        if (!(requests > 0) || !(utilization > 0))
        {
            return 0;
        }

        return requests / (utilization + (errors > 0 ? errors / requests * config.ErrorPenalty : 0));
    }
}
