using Envoy.Config.Route.V3;
using Google.Protobuf.Collections;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Matching;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>RetryPolicy. Envoy's reading: num_retries 0 is "no retries", where gRFC A44 would refuse the resource.</summary>
internal static class RetryPolicyDecoder
{
    private const uint DefaultRetries = 1;
    private const int DefaultMaxFactor = 10;

    private static readonly TimeSpan DefaultBase = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan DefaultRateLimitedMax = TimeSpan.FromSeconds(300);
    private static readonly TimeSpan ShortestBase = TimeSpan.FromMilliseconds(1);

    public static RetryDecoding Decode(RetryPolicy? policy, DecodeContext context)
    {
        if (policy is null)
        {
            return default;
        }

        var perTry = DurationReader.NotNegative(policy.PerTryTimeout, "per_try_timeout", context);
        var perTryIdle = DurationReader.NotNegative(policy.PerTryIdleTimeout, "per_try_idle_timeout", context);
        var selections = RetryTargets.HostSelections(policy, context);
        var frequency = RetryTargets.PriorityUpdateFrequency(policy, context);
        var (baseInterval, maxInterval) = BackOff(policy.RetryBackOff, context);
        var codes = StatusCodes(policy, context);
        var responseHeaders = Headers(policy.RetriableHeaders, "retriable_headers", context);
        var requestHeaders = Headers(policy.RetriableRequestHeaders, "retriable_request_headers", context);
        var rateLimited = RateLimited(policy.RateLimitedRetryBackOff, context);
        var conditions = RetryOn.Parse(policy.RetryOn);
        var retries = policy.NumRetries ?? DefaultRetries;
        if (retries == 0)
        {
            return default;
        }

        if (RetryTargets.Unsupported(policy) is { } unsupported)
        {
            return new RetryDecoding(null, unsupported);
        }

        return conditions == RetryConditions.None
            ? default
            : new RetryDecoding(
                new RetryPolicyConfig(
                    conditions,
                    codes,
                    (int)Math.Min(retries, int.MaxValue),
                    perTry == TimeSpan.Zero ? null : perTry,
                    baseInterval,
                    maxInterval,
                    policy.RetryHostPredicate.Count > 0)
                {
                    HostSelectionAttempts = selections,
                    PriorityUpdateFrequency = frequency,
                    PerTryIdleTimeout = perTryIdle == TimeSpan.Zero ? null : perTryIdle,
                    RetriableHeaders = responseHeaders,
                    RetriableRequestHeaders = requestHeaders,
                    RateLimitedBackOff = rateLimited,
                },
                null);
    }

    private static EquatableArray<int> StatusCodes(RetryPolicy policy, DecodeContext context)
    {
        var codes = new List<int>(policy.RetriableStatusCodes.Count);
        for (var i = 0; i < policy.RetriableStatusCodes.Count; i++)
        {
            var code = policy.RetriableStatusCodes[i];
            if (code is < 100 or > 599)
            {
                using (context.Enter("retriable_status_codes", i))
                {
                    context.Error($"{code} is no HTTP status");
                }
            }
            else
            {
                codes.Add((int)code);
            }
        }

        return codes.ToEquatableArray();
    }

    /// <summary>gRFC A44: the base must be more than 0 and counts as at least 1 ms; the ceiling is ten times the base unless said.</summary>
    private static (TimeSpan Base, TimeSpan Max) BackOff(RetryPolicy.Types.RetryBackOff? backOff, DecodeContext context)
    {
        if (backOff is null)
        {
            return (DefaultBase, DefaultMaxFactor * DefaultBase);
        }

        using (context.Enter("retry_back_off"))
        {
            if (backOff.BaseInterval is null)
            {
                context.Error("base_interval", "is missing");
            }

            var first = AtLeast(DurationReader.Positive(backOff.BaseInterval, "base_interval", context) ?? DefaultBase);
            if (DurationReader.Positive(backOff.MaxInterval, "max_interval", context) is not { } max)
            {
                var tenfold = DefaultMaxFactor * first;
                return (first, tenfold < DurationReader.Longest ? tenfold : DurationReader.Longest);
            }

            max = AtLeast(max);
            if (max < first)
            {
                context.Error("max_interval", "must not be less than base_interval");
            }

            return (first, max);
        }

        static TimeSpan AtLeast(TimeSpan interval) => interval < ShortestBase ? ShortestBase : interval;
    }

    private static EquatableArray<HeaderMatchConfig> Headers(RepeatedField<HeaderMatcher> matchers, string field, DecodeContext context)
    {
        var result = new List<HeaderMatchConfig>(matchers.Count);
        for (var i = 0; i < matchers.Count; i++)
        {
            using (context.Enter(field, i))
            {
                if (HeaderMatcherDecoder.Decode(matchers[i], context) is { } matcher)
                {
                    result.Add(matcher);
                }
            }
        }

        return result.ToEquatableArray();
    }

    private static RateLimitedBackOffConfig? RateLimited(RetryPolicy.Types.RateLimitedRetryBackOff? backOff, DecodeContext context)
    {
        if (backOff is null)
        {
            return null;
        }

        using (context.Enter("rate_limited_retry_back_off"))
        {
            if (backOff.ResetHeaders.Count == 0)
            {
                context.Error("reset_headers", "must not be empty");
            }

            var headers = backOff.ResetHeaders.Select(h => new ResetHeaderConfig(h.Name, h.Format == RetryPolicy.Types.ResetHeaderFormat.UnixTimestamp));
            return new RateLimitedBackOffConfig(
                headers.ToEquatableArray(), DurationReader.Positive(backOff.MaxInterval, "max_interval", context) ?? DefaultRateLimitedMax);
        }
    }
}
