using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Jwt;

/// <summary>
/// Where the tokens of a provider stand. All that are found count: with two tokens, each must be valid, or an attacker could
/// show the mesh a good one and the app another (Envoy, jwt_authn).
/// </summary>
internal sealed class TokenLocations
{
    private const string Bearer = "Bearer ";

    private readonly JwtHeaderConfig[] _headers;
    private readonly string[] _parameters;
    private readonly string[] _cookies;

    public TokenLocations(JwtProviderConfig config)
    {
        var isDefault = config.Headers.Count + config.Parameters.Count + config.Cookies.Count == 0;
        _headers = isDefault ? [new JwtHeaderConfig("authorization", Bearer)] : [.. config.Headers];
        _parameters = isDefault ? ["access_token"] : [.. config.Parameters];
        _cookies = [.. config.Cookies];
    }

    /// <summary>Gives each token to <paramref name="visitor"/>, until it says no.</summary>
    public void Visit<T>(HttpRequest request, ref T visitor)
        where T : ITokenVisitor, allows ref struct
    {
        foreach (var header in _headers)
        {
            foreach (var value in request.Headers[header.Name])
            {
                if (TryTake(value, header.Prefix, out var token) && !visitor.Visit(token))
                {
                    return;
                }
            }
        }

        if (_parameters.Length > 0 && request.QueryString.HasValue)
        {
            foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
            {
                if (Contains(_parameters, pair.DecodeName().Span) && !visitor.Visit(pair.DecodeValue().Span))
                {
                    return;
                }
            }
        }

        foreach (var line in _cookies.Length > 0 ? request.Headers.Cookie : default)
        {
            foreach (var range in line.AsSpan().Split(';'))
            {
                var (name, value) = CookiePair.Of(line.AsSpan()[range]);
                if (Contains(_cookies, name) && !visitor.Visit(value))
                {
                    return;
                }
            }
        }
    }

    /// <summary>Takes all of it out of the request, so that the app does not see it.</summary>
    public void Strip(HttpRequest request)
    {
        foreach (var header in _headers)
        {
            foreach (var value in request.Headers[header.Name])
            {
                if (TryTake(value, header.Prefix, out _))
                {
                    request.Headers.Remove(header.Name);
                    break;
                }
            }
        }

        if (_parameters.Length > 0 && request.QueryString.HasValue)
        {
            StripQuery(request);
        }

        if (_cookies.Length > 0 && request.Headers.Cookie.Count > 0)
        {
            StripCookies(request);
        }
    }

    private static bool TryTake(string? value, string prefix, out ReadOnlySpan<char> token)
    {
        // Schemes know no case (RFC 9110, section 11.1): an app would take "bearer", so it is looked at as well.
        var comparison = prefix == Bearer ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        var trimmed = value.AsSpan().TrimStart(' ');
        token = trimmed.StartsWith(prefix, comparison) ? trimmed[prefix.Length..].Trim(' ') : default;
        return trimmed.StartsWith(prefix, comparison) && (prefix.Length > 0 || token.Length > 0);
    }

    private static bool Contains(string[] names, ReadOnlySpan<char> name)
    {
        foreach (var known in names)
        {
            if (name.SequenceEqual(known))
            {
                return true;
            }
        }

        return false;
    }

    private void StripQuery(HttpRequest request)
    {
        var kept = new System.Text.StringBuilder();
        var found = false;
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
        {
            if (Contains(_parameters, pair.DecodeName().Span))
            {
                found = true;
            }
            else
            {
                kept.Append(kept.Length == 0 ? '?' : '&').Append(pair.EncodedName.Span).Append('=').Append(pair.EncodedValue.Span);
            }
        }

        if (found)
        {
            request.QueryString = new QueryString(kept.ToString());
        }
    }

    private void StripCookies(HttpRequest request)
    {
        var kept = new List<string>();
        var found = false;
        foreach (var line in request.Headers.Cookie)
        {
            foreach (var range in line.AsSpan().Split(';'))
            {
                var cookie = line.AsSpan()[range].Trim(' ');
                if (Contains(_cookies, CookiePair.Of(cookie).Name))
                {
                    found = true;
                }
                else if (cookie.Length > 0)
                {
                    kept.Add(cookie.ToString());
                }
            }
        }

        if (found)
        {
            request.Headers.Cookie = kept.Count == 0 ? default : string.Join("; ", kept);
        }
    }
}
