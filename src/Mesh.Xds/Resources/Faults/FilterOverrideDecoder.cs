using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.Fault.V3;
using Envoy.Extensions.Filters.Http.LocalRatelimit.V3;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Authorization;
using ProxylessMesh.Xds.Resources.Cors;
using ProxylessMesh.Xds.Resources.ExternalAuthorization;
using ProxylessMesh.Xds.Resources.Jwt;
using ProxylessMesh.Xds.Resources.RateLimits;
using ProxylessMesh.Xds.Resources.Sessions;
using CorsPolicy = Envoy.Extensions.Filters.Http.Cors.V3.CorsPolicy;

namespace ProxylessMesh.Xds.Resources.Faults;

/// <summary>
/// typed_per_filter_config: what a virtual host, route or cluster asks of a filter by its instance name (gRFC A39). Overrides of
/// filters that we do not know are not looked at: a chain never holds such a filter, unless it is optional.
/// </summary>
internal static class FilterOverrideDecoder
{
    private const string Field = "typed_per_filter_config";

    public static EquatableArray<HttpFilterConfig> Decode(MapField<string, Any> overrides, DecodeContext context)
    {
        if (overrides.Count == 0)
        {
            return [];
        }

        var decoded = new List<HttpFilterConfig>(overrides.Count);
        using (context.Enter(Field))
        {
            foreach (var name in overrides.Keys.Order(StringComparer.Ordinal))
            {
                if (Decode(name, overrides[name], context) is { } filter)
                {
                    decoded.Add(filter);
                }
            }
        }

        return decoded.ToEquatableArray();
    }

    private static HttpFilterConfig? Decode(string name, Any config, DecodeContext context)
    {
        if (TypedConfig.Is(config, TypeNames.FilterConfig))
        {
            if (TypedConfig.Unpack(config, TypeNames.FilterConfig, FilterConfig.Parser, name, context) is not { } wrapper)
            {
                return null;
            }

            // Which kind of filter is switched off does not matter: the name says it, and an override without settings is off for each.
            return wrapper.Disabled ? new FaultFilterConfig(name, null)
                : wrapper.Config is { } inner ? Decode(name, inner, context)
                : null;
        }

        if (TypedConfig.Is(config, TypeNames.CorsPolicy))
        {
            var policy = TypedConfig.Unpack(config, TypeNames.CorsPolicy, CorsPolicy.Parser, name, context);
            using (context.Enter(name))
            {
                return policy is null ? null : new CorsFilterConfig(name, CorsPolicyDecoder.Decode(policy, context));
            }
        }

        if (TypedConfig.Is(config, TypeNames.LocalRateLimit))
        {
            var limits = TypedConfig.Unpack(config, TypeNames.LocalRateLimit, LocalRateLimit.Parser, name, context);
            using (context.Enter(name))
            {
                return limits is null ? null : new LocalRateLimitFilterConfig(name, LocalRateLimitDecoder.Decode(limits, context));
            }
        }

        if (TypedConfig.Is(config, TypeNames.RbacPerRoute))
        {
            return RbacOverrideDecoder.Decode(name, config, context);
        }

        if (TypedConfig.Is(config, TypeNames.ExtAuthzPerRoute))
        {
            return ExternalAuthorizationOverrideDecoder.Decode(name, config, context);
        }

        if (TypedConfig.Is(config, TypeNames.JwtPerRoute))
        {
            return JwtOverrideDecoder.Decode(name, config, context);
        }

        if (TypedConfig.Is(config, TypeNames.StatefulSessionPerRoute))
        {
            return SessionDecoder.DecodeOverride(name, config, context);
        }

        if (!TypedConfig.Is(config, TypeNames.HttpFault)
            || TypedConfig.Unpack(config, TypeNames.HttpFault, HTTPFault.Parser, name, context) is not { } fault)
        {
            return null;
        }

        using (context.Enter(name))
        {
            return new FaultFilterConfig(name, FaultDecoder.Decode(fault, context));
        }
    }
}
