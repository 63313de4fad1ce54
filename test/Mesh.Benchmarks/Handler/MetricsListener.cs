using System.Diagnostics.Metrics;
using ProxylessMesh.Client;

namespace ProxylessMesh.Benchmarks.Handler;

/// <summary>Listens to the mesh's metrics as a collector does that only adds.</summary>
internal sealed class MetricsListener : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _count;
    private double _sum;

    public MetricsListener()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == MeshMetrics.ClientMeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _count, value));
        _listener.SetMeasurementEventCallback<double>((_, value, _, _) => _sum += value);
        _listener.Start();
    }

    /// <summary>Calls counted, and their time.</summary>
    public (long Count, double Milliseconds) Seen => (Interlocked.Read(ref _count), _sum);

    public void Dispose() => _listener.Dispose();
}
