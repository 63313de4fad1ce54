using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

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
            if (new StringMatcher(match).Matches(name))
            {
                return true;
            }
        }

        return false;
    }
}
