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

    public Debouncer(TimeProvider time, TimeSpan quiet, TimeSpan longest, Action fire)
    {
        _time = time;
        _quiet = quiet;
        _longest = longest;
        _fire = fire;
        _timer = time.CreateTimer(static self => ((Debouncer)self!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Signal()
    {
        lock (_lock)
        {
            _first ??= _time.GetTimestamp();
            var left = _longest - _time.GetElapsedTime(_first.Value);
            _timer.Change(left < TimeSpan.Zero ? TimeSpan.Zero : left < _quiet ? left : _quiet, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void OnDue()
    {
        lock (_lock)
        {
            _first = null;
        }

        _fire();
    }
}
