using System.Buffers;
using System.Globalization;

namespace ProxylessMesh.ControlPlane.Yaml;

/// <summary>
/// Durations as Kubernetes and Istio write them: numbers with units, as in Go's time.ParseDuration (<c>1.5s</c>,
/// <c>1m30s</c>, <c>250ms</c>, <c>1h</c>). The proto3 JSON form (<c>1.5s</c>) is a part of it.
/// </summary>
internal static class GoDuration
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");
    private static readonly TimeSpan Max = TimeSpan.FromDays(3650);

    /// <summary>False for anything else and for more than ten years, which no timer can hold.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-");
        rest = negative || rest.StartsWith("+") ? rest[1..] : rest;
        if (rest.SequenceEqual("0"))
        {
            return true;
        }

        var nanoseconds = 0m;
        var any = false;
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits is <= 0 or > 20
                || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            rest = rest[digits..];
            var unit = rest.IndexOfAny(NumberCharacters);
            unit = unit < 0 ? rest.Length : unit;
            if (NanosecondsOf(rest[..unit]) is not { } factor || number > (decimal)Max.TotalHours * 3_600_000_000_000m / factor)
            {
                return false;
            }

            nanoseconds += number * factor;
            rest = rest[unit..];
            any = true;
        }

        if (!any || nanoseconds > (decimal)Max.TotalHours * 3_600_000_000_000m)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)(nanoseconds / TimeSpan.NanosecondsPerTick) * (negative ? -1 : 1));
        return true;
    }

    private static decimal? NanosecondsOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 1m,
        "us" or "µs" or "μs" => 1_000m,
        "ms" => 1_000_000m,
        "s" => 1_000_000_000m,
        "m" => 60_000_000_000m,
        "h" => 3_600_000_000_000m,
        _ => null,
    };
}
