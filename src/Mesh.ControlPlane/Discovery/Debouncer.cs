namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>Turns a burst of signals into one call: when it has been quiet for a while, but never later than a limit after the first.</summary>
internal sealed class Debouncer : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _quiet;
    private readonly TimeSpan _longest;
    private readonly Action _fire;
    private readonly ITimer _timer;
    private long? _first;
    private long? _due;

    public Debouncer(TimeProvider time, TimeSpan quiet, TimeSpan longest, Action fire)
    {
        _time = time;
        _quiet = quiet;
        _longest = longest;
        _fire = fire;
        _timer = time.CreateTimer(static self => ((Debouncer)self!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Signal() => Signal(_quiet);

    /// <param name="quiet">In the place of the usual time. Where a longer one is under way already, that one counts.</param>
    public void Signal(TimeSpan quiet)
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            _first ??= now;
            _due = Math.Max(_due ?? 0, now + Timestamps(quiet));
            var latest = _first.Value + Timestamps(_longest);
            var wait = _time.GetElapsedTime(now, Math.Min(_due.Value, latest));
            _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();

    private long Timestamps(TimeSpan time) => time.Ticks * _time.TimestampFrequency / TimeSpan.TicksPerSecond;

    private void OnDue()
    {
        lock (_lock)
        {
            _first = null;
            _due = null;
        }

        _fire();
    }
}
