namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>
/// Spreads a storm of new streams over time: each takes the next free moment, and one whose moment is too far away is refused, so
/// that what waits is bounded by rate and patience.
/// </summary>
internal sealed class StreamAdmission(int burst, int perSecond, TimeSpan longestWait, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(1) / perSecond;
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _next = -(TimeSpan.FromSeconds(1) / perSecond * (burst - 1));

    /// <summary>False at once when the wait would be too long.</summary>
    public async ValueTask<bool> EnterAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_lock)
        {
            var now = time.GetElapsedTime(_start);
            var earliest = now - (_interval * (burst - 1));
            var turn = _next > earliest ? _next : earliest;
            wait = turn - now;
            if (wait > longestWait)
            {
                return false;
            }

            _next = turn + _interval;
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }
}
