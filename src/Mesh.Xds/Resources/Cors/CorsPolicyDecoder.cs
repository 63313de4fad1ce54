using Envoy.Extensions.Filters.Http.Cors.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Matching;
using ProxylessMesh.Xds.Resources.Routes;
using ProxylessMesh.Xds.Routing;
using LegacyPolicy = Envoy.Config.Route.V3.CorsPolicy;

namespace ProxylessMesh.Xds.Resources.Cors;

/// <summary>CorsPolicy (Envoy, CORS filter), of the filter's own message and of the older one in routes. shadow_enabled only counts.</summary>
internal static class CorsPolicyDecoder
{
    /// <summary>The policy in a route's or virtual host's field <c>cors</c>.</summary>
    public static CorsConfig? Legacy(LegacyPolicy? policy, DecodeContext context)
    {
        if (policy is null)
        {
            return null;
        }

        using (context.Enter("cors"))
        {
            return Decode(Modern(policy), context);
        }
    }

    public static CorsConfig Decode(CorsPolicy policy, DecodeContext context)
    {
        var origins = new List<StringMatchConfig>(policy.AllowOriginStringMatch.Count);
        for (var i = 0; i < policy.AllowOriginStringMatch.Count; i++)
        {
            using (context.Enter("allow_origin_string_match", i))
            {
                if (StringMatcherDecoder.Decode(policy.AllowOriginStringMatch[i], context) is { } origin)
                {
                    origins.Add(origin);
                }
            }
        }

        return new CorsConfig(
            origins.ToEquatableArray(),
            Value(policy.AllowMethods, "allow_methods", context),
            Value(policy.AllowHeaders, "allow_headers", context),
            Value(policy.ExposeHeaders, "expose_headers", context),
            Value(policy.MaxAge, "max_age", context))
        {
            EnabledPerMillion = RuntimeFraction.PerMillion(policy.FilterEnabled, context, "filter_enabled") ?? 1_000_000,
            AllowCredentials = policy.AllowCredentials ?? false,
            AllowPrivateNetwork = policy.AllowPrivateNetworkAccess ?? false,
            ForwardUnmatchedPreflights = policy.ForwardNotMatchingPreflights ?? true,
        };
    }

    private static string Value(string value, string field, DecodeContext context)
    {
        if (!MessageRules.IsHeaderValue(value))
        {
            context.Error(field, $"{DecodeContext.Quote(value)} is not a header value");
        }

        return value;
    }

    private static CorsPolicy Modern(LegacyPolicy policy) => new()
    {
        AllowOriginStringMatch = { policy.AllowOriginStringMatch },
        AllowMethods = policy.AllowMethods,
        AllowHeaders = policy.AllowHeaders,
        ExposeHeaders = policy.ExposeHeaders,
        MaxAge = policy.MaxAge,
        AllowCredentials = policy.AllowCredentials,
        FilterEnabled = policy.FilterEnabled,
        ShadowEnabled = policy.ShadowEnabled,
        AllowPrivateNetworkAccess = policy.AllowPrivateNetworkAccess,
        ForwardNotMatchingPreflights = policy.ForwardNotMatchingPreflights,
    };
}
