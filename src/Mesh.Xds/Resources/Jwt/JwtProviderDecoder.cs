using System.Text;
using Envoy.Config.Core.V3;
using Envoy.Extensions.Filters.Http.JwtAuthn.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Jose;
using ProxylessMesh.Xds.Resources.Matching;
using Source = Envoy.Extensions.Filters.Http.JwtAuthn.V3.JwtProvider.JwksSourceSpecifierOneofCase;

namespace ProxylessMesh.Xds.Resources.Jwt;

/// <summary>
/// JwtProvider. Our control plane fetches and refreshes the keys and sends them along, so that not every workload needs a way to
/// every issuer (Istio does the same unless told otherwise); others may leave the fetching to us.
/// </summary>
internal static class JwtProviderDecoder
{
    private const int MaxCacheSize = 100_000;

    // What Istio names it, and what its RBAC filters look for.
    private const string PayloadKey = "payload";

    public static JwtProviderConfig? Decode(string name, JwtProvider provider, DecodeContext context)
    {
        RefuseUnsupported(provider, context);
        RemoteKeySetConfig? remote = null;
        if (KeySet(provider, context, ref remote) is not { } keys)
        {
            return null;
        }

        return new JwtProviderConfig(name, provider.Issuer, keys)
        {
            Remote = remote,
            Audiences = provider.Audiences.ToEquatableArray(),
            Subject = provider.Subjects is null ? null : StringMatcherDecoder.Decode(provider.Subjects, "subjects", context),
            RequireExpiration = provider.RequireExpiration,
            MaxLifetime = DurationReader.Positive(provider.MaxLifetime, "max_lifetime", context),
            ClockSkew = provider.ClockSkewSeconds == 0 ? JwtRequirements.DefaultClockSkew : TimeSpan.FromSeconds(provider.ClockSkewSeconds),
            Headers = Headers(provider, context),
            Parameters = Names(provider.FromParams, "from_params", context),
            Cookies = Names(provider.FromCookies, "from_cookies", context),
            Forward = provider.Forward,
            PayloadHeader = HeaderName(provider.ForwardPayloadHeader, "forward_payload_header", context),
            PadsPayload = provider.PadForwardPayloadHeader,
            ClaimHeaders = ClaimHeaders(provider, context),
            PublishesPayload = provider.PayloadInMetadata.Length > 0,
            SpaceDelimitedClaims = (provider.NormalizePayloadInMetadata?.SpaceDelimitedClaims ?? []).ToEquatableArray(),
            CacheSize = provider.JwtCacheConfig is { JwtCacheSize: > 0 } cache ? (int)Math.Min(cache.JwtCacheSize, MaxCacheSize) : JwtProviderConfig.DefaultCacheSize,
        };
    }

    /// <summary>jwt_max_token_size needs no care: the cache holds no tokens, only what they say.</summary>
    private static void RefuseUnsupported(JwtProvider provider, DecodeContext context)
    {
        context.Refuse(provider.HeaderInMetadata.Length > 0, "header_in_metadata");
        context.Refuse(provider.FailedStatusInMetadata.Length > 0, "failed_status_in_metadata");
        context.Refuse(provider.ClearRouteCache, "clear_route_cache");
        if (provider.PayloadInMetadata is not ("" or PayloadKey))
        {
            context.Error("payload_in_metadata", $"{DecodeContext.Quote(provider.PayloadInMetadata)} is not supported: only \"{PayloadKey}\"");
        }
    }

    private static string? KeySet(JwtProvider provider, DecodeContext context, ref RemoteKeySetConfig? remote)
    {
        switch (provider.JwksSourceSpecifierCase)
        {
            case Source.LocalJwks:
                using (context.Enter("local_jwks"))
                {
                    return Inline(provider.LocalJwks, context);
                }

            case Source.RemoteJwks:
                using (context.Enter("remote_jwks"))
                {
                    remote = RemoteKeySetDecoder.Decode(provider.RemoteJwks, context);
                    return remote is null ? null : JwtProviderConfig.NoKeys;
                }

            default:
                context.Error("jwks_source_specifier", "is missing");
                return null;
        }
    }

    private static string? Inline(DataSource source, DecodeContext context)
    {
        string? json;
        switch (source.SpecifierCase)
        {
            case DataSource.SpecifierOneofCase.InlineString:
                json = source.InlineString;
                break;
            case DataSource.SpecifierOneofCase.InlineBytes:
                json = Encoding.UTF8.GetString(source.InlineBytes.Span);
                break;
            default:
                context.Error("specifier", "must be inline_string or inline_bytes");
                return null;
        }

        // A set without a usable key is no error: its tokens are refused, and the rest of the listener keeps working.
        if (JsonWebKeySet.TryParse(json, out _, out var error, allowNoKeys: true))
        {
            return json;
        }

        context.Error(error);
        return null;
    }

    private static EquatableArray<JwtHeaderConfig> Headers(JwtProvider provider, DecodeContext context)
    {
        var headers = new List<JwtHeaderConfig>(provider.FromHeaders.Count);
        for (var i = 0; i < provider.FromHeaders.Count; i++)
        {
            using (context.Enter("from_headers", i))
            {
                var header = provider.FromHeaders[i];
                if (header.Name.Length == 0)
                {
                    context.Error("name", "must not be empty");
                }

                headers.Add(new JwtHeaderConfig(HeaderName(header.Name, "name", context), header.ValuePrefix));
            }
        }

        return headers.ToEquatableArray();
    }

    private static EquatableArray<JwtClaimHeaderConfig> ClaimHeaders(JwtProvider provider, DecodeContext context)
    {
        var headers = new List<JwtClaimHeaderConfig>(provider.ClaimToHeaders.Count);
        for (var i = 0; i < provider.ClaimToHeaders.Count; i++)
        {
            using (context.Enter("claim_to_headers", i))
            {
                var header = provider.ClaimToHeaders[i];
                if (header.HeaderName.Length == 0 || header.ClaimName.Length == 0)
                {
                    context.Error("header_name and claim_name must not be empty");
                }

                headers.Add(new JwtClaimHeaderConfig(HeaderName(header.HeaderName, "header_name", context), header.ClaimName));
            }
        }

        return headers.ToEquatableArray();
    }

    private static EquatableArray<string> Names(IReadOnlyList<string> names, string field, DecodeContext context)
    {
        foreach (var name in names)
        {
            if (name.Length == 0)
            {
                context.Error(field, "must not be empty");
            }
        }

        return names.ToEquatableArray();
    }

    /// <summary>A token (RFC 9110, section 5.6.2); empty stays empty.</summary>
    private static string HeaderName(string name, string field, DecodeContext context)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal))
            {
                context.Error(field, $"{DecodeContext.Quote(name)} is not the name of a header");
                break;
            }
        }

        return name;
    }
}
