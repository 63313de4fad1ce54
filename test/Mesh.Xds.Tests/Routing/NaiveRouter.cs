using System.Globalization;
using System.Text.RegularExpressions;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Tests.Routing;

/// <summary>
/// Route matching as the specification tells it, with no thought of speed and no code of the product's: what the compiled
/// table is compared with.
/// </summary>
internal static class NaiveRouter
{
    public static string? Match(RouteConfig config, RequestStub request, int dice)
    {
        var best = (
            from host in config.VirtualHosts
            from domain in host.Domains
            let rank = Rank(domain, request.Authority.ToUpperInvariant())
            where rank > 0
            orderby rank descending, domain.Length descending
            select host).FirstOrDefault();
        return best?.Routes.FirstOrDefault(route => Matches(route.Match, request, dice))?.Name;
    }

    private static int Rank(string domain, string authority)
    {
        var pattern = domain.ToUpperInvariant();
        return pattern switch
        {
            "*" => 1,
            _ when pattern.EndsWith('*') && authority.Length >= pattern.Length && authority.StartsWith(pattern[..^1], StringComparison.Ordinal) => 2,
            _ when pattern.StartsWith('*') && authority.Length >= pattern.Length && authority.EndsWith(pattern[1..], StringComparison.Ordinal) => 3,
            _ when pattern == authority => 4,
            _ => 0,
        };
    }

    private static bool Matches(RouteMatchConfig match, RequestStub request, int dice) =>
        Path(match.Path, request.PathText)
        && match.Headers.All(header => Header(header, request))
        && match.Query.All(parameter => Query(parameter, request.QueryText))
        && (match.RuntimeFractionPerMillion is not { } share || dice < share);

    private static bool Path(PathMatchConfig match, string path)
    {
        if (match.Kind == PathMatchKind.Regex)
        {
            return Whole(match.Value, path);
        }

        var (wanted, actual) = match.CaseSensitive ? (match.Value, path) : (match.Value.ToUpperInvariant(), path.ToUpperInvariant());
        return match.Kind switch
        {
            PathMatchKind.Exact => actual == wanted,
            PathMatchKind.Prefix => actual.StartsWith(wanted, StringComparison.Ordinal),
            _ => actual == wanted || actual.StartsWith(wanted + "/", StringComparison.Ordinal),
        };
    }

    private static bool Header(HeaderMatchConfig match, RequestStub request)
    {
        var value = match.Name switch
        {
            ":method" => request.Method,
            ":authority" => request.Authority,
            ":scheme" => request.Scheme,
            ":path" => request.QueryText.Length == 0 ? request.PathText : $"{request.PathText}?{request.QueryText}",
            _ when match.Name.EndsWith("-bin", StringComparison.Ordinal) => null,
            _ => request.Headers!.GetValueOrDefault(match.Name),
        };
        if (match.Present is { } present)
        {
            return ((value is not null) == present) ^ match.Invert;
        }

        if (value is null && !match.TreatMissingAsEmpty)
        {
            return false;
        }

        value ??= "";
        var holds = match.Value is { } text
            ? Text(text, value)
            : Regex.IsMatch(value, "^[+-]?[0-9]{1,9}$") && match.Range is { } range && Between(long.Parse(value, CultureInfo.InvariantCulture), range);
        return holds ^ match.Invert;
    }

    private static bool Between(long value, Int64RangeConfig range) => value >= range.Start && value < range.End;

    private static bool Query(QueryMatchConfig match, string query)
    {
        var first = query.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(parameter => parameter.Split('=', 2))
            .FirstOrDefault(parameter => parameter[0] == match.Name);
        return match.Value is null
            ? (first is not null) == match.Present
            : first is not null && Text(match.Value, first.Length == 2 ? first[1] : "");
    }

    private static bool Text(StringMatchConfig match, string text)
    {
        if (match.Kind == StringMatchKind.Regex)
        {
            return Whole(match.Value, text);
        }

        var (wanted, actual) = match.IgnoreCase ? (match.Value.ToUpperInvariant(), text.ToUpperInvariant()) : (match.Value, text);
        return match.Kind switch
        {
            StringMatchKind.Exact => actual == wanted,
            StringMatchKind.Prefix => actual.StartsWith(wanted, StringComparison.Ordinal),
            StringMatchKind.Suffix => actual.EndsWith(wanted, StringComparison.Ordinal),
            _ => actual.Contains(wanted, StringComparison.Ordinal),
        };
    }

    private static bool Whole(string pattern, string text)
    {
        var found = Regex.Match(text, $"^(?:{pattern})$");
        return found.Success && found.Length == text.Length;
    }
}
