using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ProxylessMesh.ControlPlane.Chaos;

/// <summary>When experiments may run: <c>Mon-Fri 09:00-17:00</c>, <c>Sat,Sun 10:00-12:00</c>, <c>09:00-17:00</c>; UTC.</summary>
internal sealed class ChaosWindow
{
    private static readonly string[] s_days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    private readonly bool[] _days;
    private readonly TimeSpan _from;
    private readonly TimeSpan _to;

    private ChaosWindow(bool[] days, TimeSpan from, TimeSpan to) => (_days, _from, _to) = (days, from, to);

    public static ChaosWindow Always { get; } = new([true, true, true, true, true, true, true], TimeSpan.Zero, TimeSpan.MaxValue);

    /// <summary>Of one day.</summary>
    public TimeSpan Length => _to - _from;

    public static bool TryParse(string text, [NotNullWhen(true)] out ChaosWindow? window)
    {
        window = null;
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var days = parts.Length == 2 ? Days(parts[0]) : [true, true, true, true, true, true, true];
        var hours = parts is { Length: 1 or 2 } ? parts[^1].Split('-') : [];
        if (days is null || hours.Length != 2 || Hour(hours[0]) is not { } from || Hour(hours[1]) is not { } to || from >= to)
        {
            return false;
        }

        window = new ChaosWindow(days, from, to);
        return true;
    }

    /// <summary>The first moment, not before <paramref name="now"/>, at which something so long can begin and still ends inside. The window is long enough for it.</summary>
    public DateTimeOffset Next(DateTimeOffset now, TimeSpan duration)
    {
        if (ReferenceEquals(this, Always))
        {
            return now;
        }

        for (var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero); ; day = day.AddDays(1))
        {
            var begin = now > day + _from ? now : day + _from;
            if (_days[(int)day.DayOfWeek] && begin + duration <= day + _to)
            {
                return begin;
            }
        }
    }

    private static bool[]? Days(string text)
    {
        var days = new bool[s_days.Length];
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-');
            var first = Array.FindIndex(s_days, d => d.Equals(ends[0], StringComparison.OrdinalIgnoreCase));
            var last = Array.FindIndex(s_days, d => d.Equals(ends[^1], StringComparison.OrdinalIgnoreCase));
            if (ends.Length > 2 || first < 0 || last < 0)
            {
                return null;
            }

            for (var day = first; ; day = (day + 1) % days.Length)
            {
                days[day] = true;
                if (day == last)
                {
                    break;
                }
            }
        }

        return days;
    }

    private static TimeSpan? Hour(string text) =>
        text == "24:00" ? TimeSpan.FromDays(1)
        : TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time.ToTimeSpan()
        : null;
}
