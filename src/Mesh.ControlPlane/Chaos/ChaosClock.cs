using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Chaos;

/// <summary>
/// Lets experiments into the model while their time lasts, and says when that changes. The clock of the control plane decides, so
/// an experiment ends even when whoever began it is gone.
/// </summary>
internal sealed partial class ChaosClock(TimeProvider time, ILogger<ChaosClock> logger) : IDisposable
{
    // Later than that is looked at again then: timers hold no more than 49 days.
    private static readonly TimeSpan s_farthest = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private ImmutableHashSet<ObjectId> _active = [];
    private ITimer? _timer;

    /// <summary>An experiment began or ended.</summary>
    public event Action? Changed;

    /// <summary>The objects without experiments that do not count now.</summary>
    public ImmutableArray<MeshObject> Current(ImmutableArray<MeshObject> objects)
    {
        var experiments = objects.OfType<ChaosExperiment>().ToList();
        lock (_lock)
        {
            if (experiments.Count == 0 && _active.IsEmpty)
            {
                return objects;
            }

            var now = time.GetUtcNow();
            var active = experiments.Where(e => e.IsActiveAt(now)).ToList();
            Report(active, experiments);
            Arm(now, experiments);
            return active.Count == experiments.Count ? objects : [.. objects.Where(o => o is not ChaosExperiment e || e.IsActiveAt(now))];
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _timer?.Dispose();
        }
    }

    private void Report(List<ChaosExperiment> active, List<ChaosExperiment> all)
    {
        foreach (var begun in active.Where(e => !_active.Contains(e.Meta.Id)))
        {
            Log.Began(logger, begun.Meta.Id, string.Join(", ", begun.Hosts), begun.Expires);
        }

        var ids = active.Select(e => e.Meta.Id).ToImmutableHashSet();
        foreach (var ended in _active.Except(ids))
        {
            Log.Ended(logger, ended, all.Any(e => e.Meta.Id == ended) ? "its time is over" : "it was removed");
        }

        _active = ids;
    }

    private void Arm(DateTimeOffset now, List<ChaosExperiment> experiments)
    {
        var next = experiments.SelectMany(e => new[] { e.Starts, e.Expires }).Where(t => t > now).Order().Select(t => (DateTimeOffset?)t).FirstOrDefault();
        var wait = next is not { } at ? Timeout.InfiniteTimeSpan : at - now < s_farthest ? at - now : s_farthest;
        _timer ??= time.CreateTimer(static self => ((ChaosClock)self!).Changed?.Invoke(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private static partial class Log
    {
        [LoggerMessage(4500, LogLevel.Warning, "{Experiment} began: faults for {Hosts} until {Expires:u}.")]
        public static partial void Began(ILogger logger, ObjectId experiment, string hosts, DateTimeOffset expires);

        [LoggerMessage(4501, LogLevel.Warning, "{Experiment} ended: {Reason}.")]
        public static partial void Ended(ILogger logger, ObjectId experiment, string reason);
    }
}
