namespace ProxylessMesh.Server.Listening;

/// <summary>Lets one line through per interval and counts the rest: what a peer can cause at will must not fill the log.</summary>
internal sealed class LogThrottle(TimeProvider time, TimeSpan interval)
{
    private readonly Lock _lock = new();
    private long? _last;
    private int _suppressed;

    /// <param name="suppressed">Lines withheld since the last one that passed.</param>
    public bool TryPass(out int suppressed)
    {
        lock (_lock)
        {
            if (_last is { } last && time.GetElapsedTime(last) < interval)
            {
                suppressed = ++_suppressed;
                return false;
            }

            _last = time.GetTimestamp();
            suppressed = _suppressed;
            _suppressed = 0;
            return true;
        }
    }
}
