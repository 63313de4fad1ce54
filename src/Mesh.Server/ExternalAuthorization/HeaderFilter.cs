using Microsoft.AspNetCore.Http;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Server.ExternalAuthorization;

/// <summary>Which headers of a request the service sees.</summary>
internal sealed class HeaderFilter(ExternalAuthorizationConfig config)
{
    private readonly StringMatcher[] _allowed = [.. config.AllowedHeaders.Select(m => new StringMatcher(m))];
    private readonly StringMatcher[] _disallowed = [.. config.DisallowedHeaders.Select(m => new StringMatcher(m))];
    private readonly bool _allByDefault = config.Grpc is not null && config.AllowedHeaders.Count == 0;
    private readonly bool _isHttp = config.Http is not null;

    /// <summary>Names in lower case; several values of one joined.</summary>
    public List<KeyValuePair<string, string>> Shown(IHeaderDictionary headers)
    {
        var shown = new List<KeyValuePair<string, string>>();
        foreach (var (name, values) in headers)
        {
            var lower = name.ToLowerInvariant();
            if (IsShown(lower))
            {
                shown.Add(new(lower, string.Join(lower == "cookie" ? "; " : ",", values.ToArray())));
            }
        }

        return shown;
    }

    // An HTTP service always sees authorization (ext_authz.proto, AuthorizationRequest).
    private bool IsShown(string name) =>
        name[0] != ':'
        && ((_isHttp && name == "authorization") || _allByDefault || Any(_allowed, name))
        && !Any(_disallowed, name);

    private static bool Any(StringMatcher[] matchers, string name)
    {
        foreach (var matcher in matchers)
        {
            if (matcher.Matches(name))
            {
                return true;
            }
        }

        return false;
    }
}
