using Envoy.Type.Matcher.V3;
using Google.Protobuf.Collections;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;
using HashPolicy = Envoy.Config.Route.V3.RouteAction.Types.HashPolicy;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>RouteAction.hash_policy.</summary>
internal static class HashPolicyDecoder
{
    private const string ChannelIdKey = "io.grpc.channel_id";

    public static EquatableArray<HashPolicyConfig> Decode(RepeatedField<HashPolicy> policies, DecodeContext context)
    {
        var result = new List<HashPolicyConfig>(policies.Count);
        for (var i = 0; i < policies.Count; i++)
        {
            using (context.Enter("hash_policy", i))
            {
                if (Decode(policies[i], context) is { } policy)
                {
                    result.Add(policy);
                }
            }
        }

        return result.ToEquatableArray();
    }

    private static HashPolicyConfig? Decode(HashPolicy policy, DecodeContext context)
    {
        switch (policy.PolicySpecifierCase)
        {
            case HashPolicy.PolicySpecifierOneofCase.Header:
                return Named(HashPolicyKind.Header, policy.Header.HeaderName.ToLowerInvariant(), "header.header_name", policy, context) is { } header
                    ? header with { Rewrite = Rewrite(policy.Header.RegexRewrite, context) }
                    : null;
            case HashPolicy.PolicySpecifierOneofCase.Cookie:
                return Cookie(policy, context);
            case HashPolicy.PolicySpecifierOneofCase.QueryParameter:
                return Named(HashPolicyKind.QueryParameter, policy.QueryParameter.Name, "query_parameter.name", policy, context);
            case HashPolicy.PolicySpecifierOneofCase.ConnectionProperties:
                return policy.ConnectionProperties.SourceIp ? new HashPolicyConfig(HashPolicyKind.SourceIp, "", policy.Terminal) : null;
            case HashPolicy.PolicySpecifierOneofCase.FilterState:
                // gRFC A42: other keys, and other kinds of policy, are as if they were not there.
                return policy.FilterState.Key == ChannelIdKey ? new HashPolicyConfig(HashPolicyKind.ChannelId, "", policy.Terminal) : null;
            default:
                return null;
        }
    }

    private static RegexRewriteConfig? Rewrite(RegexMatchAndSubstitute? rewrite, DecodeContext context)
    {
        if (rewrite is null)
        {
            return null;
        }

        var pattern = rewrite.Pattern?.Regex ?? "";
        if (pattern.Length == 0)
        {
            context.Error("header.regex_rewrite.pattern", "regex must not be empty");
            return null;
        }

        if (RegexRewriter.TryCreate(pattern, rewrite.Substitution, out _, out var error))
        {
            return new RegexRewriteConfig(pattern, rewrite.Substitution);
        }

        context.Error("header.regex_rewrite", $"{error}: {DecodeContext.Quote(pattern)}");
        return null;
    }

    private static HashPolicyConfig? Cookie(HashPolicy policy, DecodeContext context)
    {
        var cookie = policy.Cookie;
        foreach (var attribute in cookie.Attributes)
        {
            RequireCookieText(attribute.Name, "cookie.attributes.name", context);
            RequireCookieText(attribute.Value, "cookie.attributes.value", context);
        }

        RequireCookieText(cookie.Name, "cookie.name", context);
        RequireCookieText(cookie.Path, "cookie.path", context);
        var ttl = DurationReader.NotNegative(cookie.Ttl, "cookie.ttl", context);
        return Named(HashPolicyKind.Cookie, cookie.Name, "cookie.name", policy, context) is { } named
            ? named with
            {
                CookieTtl = ttl,
                CookiePath = cookie.Path,
                CookieAttributes = cookie.Attributes.Select(a => KeyValuePair.Create(a.Name, a.Value)).ToEquatableArray(),
            }
            : null;
    }

    private static HashPolicyConfig? Named(HashPolicyKind kind, string name, string field, HashPolicy policy, DecodeContext context)
    {
        if (name.Length == 0)
        {
            context.Error(field, "must not be empty");
            return null;
        }

        return new HashPolicyConfig(kind, name, policy.Terminal);
    }

    /// <summary>It becomes part of a Set-Cookie header: nothing that would end it or start another part (RFC 6265, 4.1.1).</summary>
    private static void RequireCookieText(string text, string field, DecodeContext context)
    {
        foreach (var c in text)
        {
            if (c is < ' ' or > '~' or ';')
            {
                context.Error(field, "has a character that a cookie cannot have");
                return;
            }
        }
    }
}
