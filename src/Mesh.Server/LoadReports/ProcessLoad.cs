using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Server.LoadReports;

/// <summary>
/// The process's load as it is measured here: looked at once a second while somebody asks, and smoothed, because callers that shift their
/// calls for every peak would make the next one elsewhere.
/// </summary>
internal sealed class ProcessLoad(TimeProvider time)
{
    /// <summary>What happened so long ago has lost most of its weight.</summary>
    private static readonly TimeSpan Smoothing = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long _requests;
    private long _errors;
    private long _at = time.GetTimestamp();
    private TimeSpan _processors = Environment.CpuUsage.TotalTime;
    private (long Requests, long Errors) _counted;
    private LoadReport _report;
    private bool _hasReport;

    public void Count(bool failed)
    {
        Interlocked.Increment(ref _requests);
        if (failed)
        {
            Interlocked.Increment(ref _errors);
        }
    }

    public LoadReport Current()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var elapsed = time.GetElapsedTime(_at, now);
            if (elapsed >= Interval)
            {
                Measure(elapsed);
                _at = now;
            }

            return _report;
        }
    }

    private void Measure(TimeSpan elapsed)
    {
        var processors = Environment.CpuUsage.TotalTime;
        var (requests, errors) = (Volatile.Read(ref _requests), Volatile.Read(ref _errors));
        var cpu = (processors - _processors) / elapsed / Environment.ProcessorCount;
        var perSecond = 1 / elapsed.TotalSeconds;
        var share = _hasReport ? 1 - Math.Exp(-elapsed / Smoothing) : 1;
        _report = new LoadReport(
            Mixed(_report.CpuUtilization, cpu),
            Math.Min(1, (double)Environment.WorkingSet / GC.GetGCMemoryInfo().TotalAvailableMemoryBytes),
            0,
            Mixed(_report.RequestsPerSecond, (requests - _counted.Requests) * perSecond),
            Mixed(_report.ErrorsPerSecond, (errors - _counted.Errors) * perSecond));
        (_processors, _counted, _hasReport) = (processors, (requests, errors), true);

        double Mixed(double before, double latest) => before + (share * (latest - before));
    }
}
