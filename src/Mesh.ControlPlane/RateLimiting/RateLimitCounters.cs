namespace ProxylessMesh.ControlPlane.RateLimiting;

/// <summary>
/// How often each descriptor was asked about in its window, in memory. Windows are fixed, as those of the reference service. The
/// table is bounded: when it is full of windows that have not ended, the newcomers of a limit share one count.
/// </summary>
internal sealed class RateLimitCounters(TimeProvider time, int max = 100_000)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Window> _windows = new(StringComparer.Ordinal);
    private readonly Dictionary<ConfiguredLimit, Window> _shared = [];
    private DateTimeOffset _nextSweep;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _windows.Count;
            }
        }
    }

    /// <summary>Counts, and tells how many there were in the window with these, and when it ends.</summary>
    public (ulong Count, TimeSpan Left) Add(string descriptor, ConfiguredLimit limit, ulong hits)
    {
        var now = time.GetUtcNow();
        var ends = new DateTimeOffset(((now.UtcTicks / limit.Window.Ticks) + 1) * limit.Window.Ticks, TimeSpan.Zero);
        lock (_lock)
        {
            var window = Find(descriptor, limit, now);
            if (window.Ends != ends)
            {
                (window.Ends, window.Count) = (ends, 0);
            }

            window.Count = hits > ulong.MaxValue - window.Count ? ulong.MaxValue : window.Count + hits;
            return (window.Count, ends - now);
        }
    }

    private Window Find(string descriptor, ConfiguredLimit limit, DateTimeOffset now)
    {
        if (_windows.TryGetValue(descriptor, out var known))
        {
            return known;
        }

        if (_windows.Count >= max && now >= _nextSweep)
        {
            _nextSweep = now + TimeSpan.FromSeconds(1);
            foreach (var (name, window) in _windows)
            {
                if (window.Ends <= now)
                {
                    _windows.Remove(name);
                }
            }
        }

        if (_windows.Count >= max)
        {
            return _shared.TryGetValue(limit, out var shared) ? shared : _shared[limit] = new Window();
        }

        return _windows[descriptor] = new Window();
    }

    private sealed class Window
    {
        public DateTimeOffset Ends { get; set; }

        public ulong Count { get; set; }
    }
}
