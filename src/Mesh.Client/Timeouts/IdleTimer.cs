namespace ProxylessMesh.Client.Timeouts;

/// <summary>
/// Cancels a call in which nothing happens (RouteAction.idle_timeout, stream_idle_timeout, per_try_idle_timeout). While the app does
/// not read a body that it was given, the clock stands: that is not the upstream's idleness.
/// </summary>
internal sealed class IdleTimer : IDisposable
{
    private readonly CancellationTokenSource _call;
    private readonly ITimer _timer;
    private readonly TimeSpan _headers;
    private readonly TimeSpan _body;
    private volatile bool _inBody;
    private volatile bool _expired;

    public IdleTimer(TimeSpan headers, TimeSpan body, CancellationTokenSource call, TimeProvider time)
    {
        _headers = headers;
        _body = body;
        _call = call;
        _timer = time.CreateTimer(static self => ((IdleTimer)self!).Expire(), this, OrNever(headers), Timeout.InfiniteTimeSpan);
    }

    public bool Expired => _expired;

    /// <summary>That counts now.</summary>
    public TimeSpan Limit => _inBody ? _body : _headers;

    /// <summary>Something happened, or is waited for from now on.</summary>
    public void Restart() => _timer.Change(OrNever(Limit), Timeout.InfiniteTimeSpan);

    /// <summary>The response's headers are there; from now on only reads of its body are waited for.</summary>
    public void EnterBody()
    {
        _inBody = true;
        Stop();
    }

    public void Stop() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer.Dispose();

    private static TimeSpan OrNever(TimeSpan limit) => limit > TimeSpan.Zero ? limit : Timeout.InfiniteTimeSpan;

    private void Expire()
    {
        _expired = true;
        try
        {
            _call.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call ended at the same moment.
        }
    }
}
