namespace ProxylessMesh.Server.RateLimits;

/// <summary>Monotonic time in nanoseconds since its making: fine enough for a billion tokens a second.</summary>
internal sealed class NanosecondClock(TimeProvider time)
{
    private const long PerSecond = 1_000_000_000;

    private readonly long _start = time.GetTimestamp();
    private readonly long _factor = time.TimestampFrequency <= PerSecond && PerSecond % time.TimestampFrequency == 0 ? PerSecond / time.TimestampFrequency : 0;

    public long Now => _factor > 0
        ? (time.GetTimestamp() - _start) * _factor
        : time.GetElapsedTime(_start).Ticks * TimeSpan.NanosecondsPerTick;
}
