using Envoy.Extensions.Filters.Http.Ratelimit.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Authorization;
using ProxylessMesh.Xds.Resources.Routes;
using ProxylessMesh.Xds.Resources.Services;

namespace ProxylessMesh.Xds.Resources.RateLimits;

/// <summary>The global rate limit filter. Its descriptors come from its own rate_limits; those of routes are refused where they stand.</summary>
internal static class GlobalRateLimitDecoder
{
    private const int All = 1_000_000;

    public static GlobalRateLimitFilterConfig? Decode(HttpFilter filter, DecodeContext context)
    {
        var limits = TypedConfig.Unpack(filter.TypedConfig, TypeNames.RateLimit, RateLimit.Parser, "typed_config", context);
        using (context.Enter("typed_config"))
        {
            return limits is null ? null : new GlobalRateLimitFilterConfig(filter.Name, filter.Disabled ? null : Decode(limits, context));
        }
    }

    private static GlobalRateLimitConfig? Decode(RateLimit limits, DecodeContext context)
    {
        UnknownFields.Refuse(limits, RateLimit.Parser, context);
        context.Refuse(limits.Stage != 0, "stage");
        context.Refuse(limits.RequestType is not ("" or "both"), "request_type");
        context.Refuse(limits.FailureModeDenyPercent is not null, "failure_mode_deny_percent");
        if (limits.Domain.Length == 0)
        {
            context.Error("domain", "must not be empty");
        }

        if (limits.RateLimitService is null)
        {
            context.Error("rate_limit_service", "is missing");
            return null;
        }

        using (context.Enter("rate_limit_service"))
        {
            UnknownFields.Refuse(limits.RateLimitService, Envoy.Config.Ratelimit.V3.RateLimitServiceConfig.Parser, context);
        }

        var timeout = DurationReader.Positive(limits.Timeout, "timeout", context) ?? TimeSpan.FromMilliseconds(20);
        return GrpcServiceDecoder.Decode(limits.RateLimitService.GrpcService, "rate_limit_service.grpc_service", context) is { } service
            ? new GlobalRateLimitConfig(limits.Domain, service)
            {
                Timeout = timeout,
                Rules = DescriptorRuleDecoder.Decode(limits.RateLimits, context),
                FailsClosed = limits.FailureModeDeny,
                StatusOnError = RefusalStatus.Of(limits.StatusOnError, 500, "status_on_error", context),
                EnabledPerMillion = RuntimeFraction.PerMillion(limits.FilterEnabled, context, "filter_enabled") ?? All,
                EnforcedPerMillion = RuntimeFraction.PerMillion(limits.FilterEnforced, context, "filter_enforced") ?? All,
                Status = RefusalStatus.Of(limits.RateLimitedStatus, 429, "rate_limited_status", context),
                AsResourceExhausted = limits.RateLimitedAsResourceExhausted,
                TellsLimits = limits.EnableXRatelimitHeaders == RateLimit.Types.XRateLimitHeadersRFCVersion.DraftVersion03,
                MarksRefusals = !limits.DisableXEnvoyRatelimitedHeader,
                ResponseHeaders = HeaderMutationDecoder.DecodeOptions(limits.ResponseHeadersToAdd, "response_headers_to_add", context),
            }
            : null;
    }
}
