using System.Diagnostics.Metrics;

namespace ProxylessMesh.Client.Tests.Telemetry;

/// <summary>Hears the measurements of one workload; other tests of this process measure, too.</summary>
internal sealed class MetricsProbe : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly string _workload;

    public MetricsProbe(string workload)
    {
        _workload = workload;
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == MeshMetrics.ClientMeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>False: heard, and not kept.</summary>
    public bool Keeps { get; set; } = true;

    public List<(string Instrument, double Value, Dictionary<string, object?> Tags)> Heard { get; } = [];

    /// <summary>Labels of the only call so far, which both instruments agree on.</summary>
    public Dictionary<string, object?> Single()
    {
        Assert.Equal(["istio_requests_total", "istio_request_duration_milliseconds"], Heard.Select(h => h.Instrument));
        Assert.Equal(Heard[0].Tags, Heard[1].Tags);
        Assert.Equal(1, Heard[0].Value);
        return Heard[0].Tags;
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            if (Keeps && tag.Key == "source_workload" && Equals(tag.Value, _workload))
            {
                lock (Heard)
                {
                    Heard.Add((instrument.Name, value, new Dictionary<string, object?>(tags.ToArray())));
                }
            }
        }
    }
}
