using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Identity;

/// <summary>
/// Whether a verified peer is one that the configuration names (gRFC A29, match_subject_alt_names): one of its URIs or DNS
/// names must match one of the list. An empty list names everyone.
/// </summary>
internal static class SubjectNameMatcher
{
    public static bool Matches(X509Certificate2 leaf, SpiffeId id, EquatableArray<StringMatchConfig> allowed)
    {
        if (allowed.Count == 0 || MatchesAny(id.ToString(), allowed))
        {
            return true;
        }

        foreach (var host in SvidNames.Of(leaf)?.DnsNames ?? [])
        {
            if (MatchesAny(host, allowed))
            {
                return true;
            }
        }

        return false;
    }

    private static bool MatchesAny(string name, EquatableArray<StringMatchConfig> allowed)
    {
        foreach (var match in allowed)
        {
            if (Matches(name, match))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Matches(string name, StringMatchConfig match)
    {
        var comparison = match.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return match.Kind switch
        {
            StringMatchKind.Exact => string.Equals(name, match.Value, comparison),
            StringMatchKind.Prefix => name.StartsWith(match.Value, comparison),
            StringMatchKind.Suffix => name.EndsWith(match.Value, comparison),
            StringMatchKind.Contains => name.Contains(match.Value, comparison),
            StringMatchKind.Regex => Regex.IsMatch(name, $@"\A(?:{match.Value})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant),
            _ => false,
        };
    }
}
