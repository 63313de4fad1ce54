using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Identity;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Client.TlsOrigination;

/// <summary>Whether a server's certificate is for a name (RFC 9525: subject alternative names only, a wildcard stands for one label).</summary>
internal static class ServerNames
{
    public static bool IsFor(X509Certificate2 certificate, string host)
    {
        try
        {
            return Uri.CheckHostName(host) != UriHostNameType.Unknown
                && certificate.MatchesHostname(host, allowWildcards: true, allowCommonName: false);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>One of the names must match one of the list (gRFC A29); a list's host name may be met by a certificate's wildcard.</summary>
    public static bool MatchesAny(X509Certificate2 certificate, EquatableArray<StringMatchConfig> allowed)
    {
        var names = SvidNames.Of(certificate);
        foreach (var match in allowed)
        {
            if (match.Kind == StringMatchKind.Exact && IsFor(certificate, match.Value))
            {
                return true;
            }

            var matcher = new StringMatcher(match);
            foreach (var name in (names?.Uris ?? []).Concat(names?.DnsNames ?? []))
            {
                if (matcher.Matches(name))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
