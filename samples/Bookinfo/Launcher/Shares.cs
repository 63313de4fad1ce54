using System.Globalization;

namespace Bookinfo.Launcher;

/// <summary>Puts a split into words.</summary>
internal static class Shares
{
    /// <summary><c>v1 90.2%, v2 9.8%</c></summary>
    public static string Of(IReadOnlyCollection<Visit> visits) => string.Join(", ", visits
        .Where(v => v.Succeeded)
        .GroupBy(v => v.Version)
        .OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Key} {100.0 * g.Count() / visits.Count:0.#}%")));
}
