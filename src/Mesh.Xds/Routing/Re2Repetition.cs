using System.Buffers;
using System.Globalization;

namespace ProxylessMesh.Xds.Routing;

/// <summary><c>{2}</c>, <c>{2,}</c> or <c>{2,5}</c>.</summary>
/// <param name="Length">Characters up to and with the closing brace.</param>
/// <param name="Times">The largest count that is written.</param>
internal readonly record struct Re2Repetition(int Length, int Times)
{
    /// <summary>RE2's own limit.</summary>
    public const int MaxTimes = 1000;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("0123456789,");

    /// <summary>False: the brace is a literal one, in RE2 as in the runtime's dialect.</summary>
    /// <param name="text">What follows the opening brace.</param>
    /// <param name="repetition">What was read.</param>
    public static bool TryRead(ReadOnlySpan<char> text, out Re2Repetition repetition)
    {
        repetition = default;
        var end = text.IndexOf('}');
        if (end <= 0 || text[..end].ContainsAnyExcept(Allowed))
        {
            return false;
        }

        var body = text[..end];
        var comma = body.IndexOf(',');
        var low = comma < 0 ? body : body[..comma];
        var high = comma < 0 ? low : body[(comma + 1)..];
        if (low.IsEmpty || high.Contains(','))
        {
            return false;
        }

        repetition = new Re2Repetition(end + 1, Math.Max(Number(low), high.IsEmpty ? 0 : Number(high)));
        return true;
    }

    private static int Number(ReadOnlySpan<char> digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
}
