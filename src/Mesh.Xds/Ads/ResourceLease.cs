namespace ProxylessMesh.Xds.Ads;

/// <summary>
/// How long a resource lives unless it is renewed (xDS protocol, "TTL"): a server that dies takes with it what it said would be
/// temporary. Runs on through reconnects. Belongs to the event loop.
/// </summary>
internal sealed class ResourceLease : IDisposable
{
    // A timer holds no more than 49 days; a longer life is counted in pieces.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(30);

    private readonly TimeProvider _time;
    private readonly Action _onExpired;
    private readonly ITimer _timer;
    private long _renewedAt;
    private TimeSpan _life;
    private bool _over;

    public ResourceLease(ResourceContext context, TimeSpan timeToLive, Action onExpired)
    {
        _time = context.Time;
        _onExpired = onExpired;
        _timer = _time.CreateTimer(_ => context.Post(Look), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Renew(timeToLive);
    }

    public void Renew(TimeSpan timeToLive)
    {
        _renewedAt = _time.GetTimestamp();
        _life = timeToLive;
        Wait(timeToLive);
    }

    public void Dispose()
    {
        _over = true;
        _timer.Dispose();
    }

    // What was posted before a renewal or the end comes too early or too late.
    private void Look()
    {
        var left = _life - _time.GetElapsedTime(_renewedAt);
        if (_over)
        {
            return;
        }

        if (left > TimeSpan.Zero)
        {
            Wait(left);
            return;
        }

        Dispose();
        _onExpired();
    }

    private void Wait(TimeSpan left) => _timer.Change(left < s_longestWait ? left : s_longestWait, Timeout.InfiniteTimeSpan);
}
