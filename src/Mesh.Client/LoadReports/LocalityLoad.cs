using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Client.LoadReports;

/// <summary>Counts what is sent to the endpoints of one locality. Atomics on the request path; only numbers of endpoints' reports meet a lock.</summary>
internal sealed class LocalityLoad(LocalityId locality, int priority)
{
    /// <summary>More are not added up: endpoints choose their names.</summary>
    private const int MaxNamed = LoadReportWire.MaxNamedMetrics;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LoadSum> _named = new(StringComparer.Ordinal);
    private LoadSum _cpu;
    private LoadSum _memory;
    private LoadSum _application;
    private long _issued;
    private long _succeeded;
    private long _failed;

    public void Issue() => Interlocked.Increment(ref _issued);

    public void End(bool failed)
    {
        if (failed)
        {
            Interlocked.Increment(ref _failed);
        }
        else
        {
            Interlocked.Increment(ref _succeeded);
        }
    }

    /// <summary>As far as the control plane asks for it (gRFC A85). A number that the report does not say is 0, and is not counted.</summary>
    public void Add(in LoadReport report, LoadStatsConfig config)
    {
        lock (_lock)
        {
            Add(config.CpuUtilization, report.CpuUtilization, ref _cpu);
            Add(config.MemoryUtilization, report.MemoryUtilization, ref _memory);
            Add(config.ApplicationUtilization, report.ApplicationUtilization, ref _application);
            foreach (var (name, value) in config.HasNamedMetrics ? report.NamedMetrics ?? [] : [])
            {
                var sum = _named.GetValueOrDefault(name);
                if ((config.AllNamedMetrics || config.NamedMetrics.AsSpan().Contains(name)) && (sum.Count > 0 || _named.Count < MaxNamed))
                {
                    _named[name] = sum.Plus(value);
                }
            }
        }
    }

    /// <summary>Since the last time; null: nothing.</summary>
    /// <param name="known">The cluster's endpoints, whose requests in flight are told as well.</param>
    public LocalityStats? Take(Endpoint[] known)
    {
        var inProgress = 0L;
        foreach (var endpoint in known)
        {
            inProgress += endpoint.Load is { } load && load.CountsIn(this) ? endpoint.Active : 0;
        }

        var issued = Interlocked.Exchange(ref _issued, 0);
        var (succeeded, failed) = (Interlocked.Exchange(ref _succeeded, 0), Interlocked.Exchange(ref _failed, 0));
        if (issued == 0 && succeeded == 0 && failed == 0 && inProgress == 0)
        {
            return null;
        }

        lock (_lock)
        {
            var stats = new LocalityStats(locality, priority, issued, succeeded, failed)
            {
                InProgress = inProgress,
                Cpu = _cpu,
                Memory = _memory,
                Application = _application,
                Named = [.. _named],
            };
            _cpu = _memory = _application = default;
            _named.Clear();
            return stats;
        }
    }

    private static void Add(bool wanted, double value, ref LoadSum sum)
    {
        if (wanted && value > 0)
        {
            sum = sum.Plus(value);
        }
    }
}
