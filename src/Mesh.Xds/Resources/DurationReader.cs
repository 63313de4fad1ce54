using Google.Protobuf.WellKnownTypes;

namespace ProxylessMesh.Xds.Resources;

/// <summary>
/// Durations with their rules. What is longer than a timer can run (24 days) is cut to that; what is shorter than a tick but
/// above zero becomes a tick, because zero means "none" for most fields.
/// </summary>
internal static class DurationReader
{
    private const long MaxSeconds = 315_576_000_000;
    private const int MaxNanos = 999_999_999;

    public static TimeSpan Longest { get; } = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>Zero or more, or null when unset or wrong.</summary>
    public static TimeSpan? NotNegative(Duration? duration, string field, DecodeContext context) =>
        Read(duration, field, context);

    /// <summary>More than zero, or null when unset or wrong.</summary>
    public static TimeSpan? Positive(Duration? duration, string field, DecodeContext context)
    {
        var value = Read(duration, field, context);
        if (value == TimeSpan.Zero)
        {
            context.Error(field, "must be more than 0");
            return null;
        }

        return value;
    }

    public static bool IsSet(Duration? duration) => duration is not null && (duration.Seconds != 0 || duration.Nanos != 0);

    private static TimeSpan? Read(Duration? duration, string field, DecodeContext context)
    {
        if (duration is null)
        {
            return null;
        }

        if (duration.Seconds is < -MaxSeconds or > MaxSeconds || duration.Nanos is < -MaxNanos or > MaxNanos)
        {
            context.Error(field, "is out of range");
            return null;
        }

        if (duration.Seconds < 0 || duration.Nanos < 0)
        {
            context.Error(field, "must not be negative");
            return null;
        }

        if (duration.Seconds >= (long)Longest.TotalSeconds)
        {
            return Longest;
        }

        var nanosOfTick = TimeSpan.NanosecondsPerTick;
        var ticks = (duration.Seconds * TimeSpan.TicksPerSecond) + ((duration.Nanos + nanosOfTick - 1) / nanosOfTick);
        return TimeSpan.FromTicks(ticks);
    }
}
