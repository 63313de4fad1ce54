namespace ProxylessMesh.Sidecar.Tcp;

/// <summary>Fires when nothing has travelled for as long, in either direction.</summary>
internal sealed class IdleLimit : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _over = new();
    private readonly ITimer _timer;
    private long _lastAt;

    public IdleLimit(TimeSpan limit, TimeProvider time)
    {
        _limit = limit;
        _time = time;
        _lastAt = time.GetTimestamp();
        _timer = time.CreateTimer(static state => ((IdleLimit)state!).Look(), this, limit, Timeout.InfiniteTimeSpan);
    }

    public CancellationToken Token => _over.Token;

    public void Touch() => Volatile.Write(ref _lastAt, _time.GetTimestamp());

    public void Dispose()
    {
        _timer.Dispose();
        _over.Dispose();
    }

    // The timer is not moved with every read: it looks, and comes again when the rest of the time is over.
    private void Look()
    {
        var rest = _limit - _time.GetElapsedTime(Volatile.Read(ref _lastAt));
        try
        {
            if (rest <= TimeSpan.Zero)
            {
                _over.Cancel();
            }
            else
            {
                _timer.Change(rest, Timeout.InfiniteTimeSpan);
            }
        }
        catch (ObjectDisposedException)
        {
            // The connection has just ended.
        }
    }
}
