using System.Diagnostics.Metrics;

namespace ProxylessMesh.Client.Telemetry;

/// <summary>Istio's standard metrics of requests (istio.io, Istio Standard Metrics), under the names that its dashboards ask for.</summary>
internal static class RequestInstruments
{
    private static readonly Meter s_meter = new(MeshMetrics.ClientMeterName);

    public static Counter<long> Requests { get; } =
        s_meter.CreateCounter<long>("istio_requests_total", "{request}", "Calls that ended, answered or not.");

    /// <summary>With the buckets of Istio's proxies.</summary>
    public static Histogram<double> Duration { get; } = s_meter.CreateHistogram(
        "istio_request_duration_milliseconds",
        "ms",
        "From the call to the last byte of its response.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries =
            [
                0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000, 1800000, 3600000,
            ],
        });
}
