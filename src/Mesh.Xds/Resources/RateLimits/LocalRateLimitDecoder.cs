using Envoy.Extensions.Common.Ratelimit.V3;
using Envoy.Extensions.Filters.Http.LocalRatelimit.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Authorization;
using ProxylessMesh.Xds.Resources.Routes;

namespace ProxylessMesh.Xds.Resources.RateLimits;

/// <summary>The local rate limit filter. Its descriptors come from its own rate_limits; those of routes are refused where they stand.</summary>
internal static class LocalRateLimitDecoder
{
    /// <summary>The buckets of one descriptor; what is asked for beyond it is more than a server should remember.</summary>
    private const uint MostDynamic = 1_000_000;

    public static LocalRateLimitFilterConfig? Decode(HttpFilter filter, DecodeContext context)
    {
        var limits = TypedConfig.Unpack(filter.TypedConfig, TypeNames.LocalRateLimit, LocalRateLimit.Parser, "typed_config", context);
        using (context.Enter("typed_config"))
        {
            return limits is null ? null : new LocalRateLimitFilterConfig(filter.Name, filter.Disabled ? null : Decode(limits, context));
        }
    }

    public static LocalRateLimitConfig Decode(LocalRateLimit limits, DecodeContext context)
    {
        UnknownFields.Refuse(limits, LocalRateLimit.Parser, context);
        context.Refuse(limits.Stage != 0, "stage");
        context.Refuse(limits.LocalClusterRateLimit is not null, "local_cluster_rate_limit");
        if (limits.StatPrefix.Length == 0)
        {
            context.Error("stat_prefix", "must not be empty");
        }

        var dynamic = limits.MaxDynamicDescriptors ?? 20;
        if (dynamic is 0 or > MostDynamic)
        {
            context.Error("max_dynamic_descriptors", $"must be 1 to {MostDynamic}");
        }

        return new LocalRateLimitConfig
        {
            Default = TokenBucketDecoder.Decode(limits.TokenBucket, "token_bucket", context),
            AlwaysDefault = limits.AlwaysConsumeDefaultTokenBucket ?? true,
            Descriptors = LocalDescriptorDecoder.Decode(limits.Descriptors, context),
            Rules = DescriptorRuleDecoder.Decode(limits.RateLimits, context),
            MaxDynamic = (int)Math.Min(dynamic, MostDynamic),
            EnabledPerMillion = RuntimeFraction.PerMillion(limits.FilterEnabled, context, "filter_enabled") ?? 0,
            EnforcedPerMillion = RuntimeFraction.PerMillion(limits.FilterEnforced, context, "filter_enforced") ?? 0,
            PerConnection = limits.LocalRateLimitPerDownstreamConnection,
            Status = RefusalStatus.Of(limits.Status, 429, "status", context),
            AsResourceExhausted = limits.RateLimitedAsResourceExhausted,
            TellsLimits = limits.EnableXRatelimitHeaders == XRateLimitHeadersRFCVersion.DraftVersion03,
            ResponseHeaders = HeaderMutationDecoder.DecodeOptions(limits.ResponseHeadersToAdd, "response_headers_to_add", context),
            NotEnforcedHeaders = HeaderMutationDecoder.DecodeOptions(limits.RequestHeadersToAddWhenNotEnforced, "request_headers_to_add_when_not_enforced", context),
        };
    }
}
