using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Xds.Ads;

/// <summary>Waits between attempts as in gRPC's connection back-off: 1 s, x1.6 each time, at most 120 s, +-20 % so that clients spread.</summary>
internal sealed class Backoff(IRandomSource random)
{
    private const double Multiplier = 1.6;
    private const double Jitter = 0.2;

    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(120);

    private TimeSpan _current = s_first;

    /// <summary>How long after the start of the last attempt the next may begin.</summary>
    public TimeSpan Next()
    {
        var delay = _current * (1 + (Jitter * ((2 * random.NextDouble()) - 1)));
        _current = TimeSpan.FromTicks(Math.Min((_current * Multiplier).Ticks, s_longest.Ticks));
        return delay;
    }

    public void Reset() => _current = s_first;
}
