using Envoy.Config.Core.V3;
using Envoy.Service.Ratelimit.V3;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Routing;
using Unit = Envoy.Service.Ratelimit.V3.RateLimitResponse.Types.RateLimit.Types.Unit;

namespace ProxylessMesh.Xds.RateLimits;

/// <summary>What a service answers is not trusted to be well-formed: lists are bounded, and headers that could break a message are left away.</summary>
internal static class RateLimitAnswerReader
{
    private const int MaxHeaders = 100;
    private const int MaxStatuses = 100;

    /// <exception cref="GrpcException">It is no answer.</exception>
    public static RateLimitAnswer Read(RateLimitResponse response) => response.OverallCode switch
    {
        RateLimitResponse.Types.Code.Ok or RateLimitResponse.Types.Code.OverLimit => new RateLimitAnswer(
            response.OverallCode == RateLimitResponse.Types.Code.OverLimit,
            [.. response.Statuses.Take(MaxStatuses).Where(s => s.CurrentLimit is not null).Select(Status)])
        {
            RequestHeaders = Headers(response.RequestHeadersToAdd),
            ResponseHeaders = Headers(response.ResponseHeadersToAdd),
        },
        _ => throw new GrpcException(GrpcStatusCode.Internal, "the answer of the rate limit service says neither OK nor OVER_LIMIT"),
    };

    private static RateLimitStatus Status(RateLimitResponse.Types.DescriptorStatus status) => new(
        status.CurrentLimit.RequestsPerUnit, SecondsOf(status.CurrentLimit.Unit), NameOf(status.CurrentLimit), status.LimitRemaining, Reset(status.DurationUntilReset));

    private static string NameOf(RateLimitResponse.Types.RateLimit limit) =>
        limit.Name.Length <= 100 && MessageRules.IsHeaderValue(limit.Name) && !limit.Name.Contains('"', StringComparison.Ordinal) ? limit.Name : "";

    private static TimeSpan Reset(Duration? duration) =>
        duration is { Seconds: > 0 and < int.MaxValue } ? TimeSpan.FromSeconds(duration.Seconds) : TimeSpan.Zero;

    private static long SecondsOf(Unit unit) => unit switch
    {
        Unit.Second => 1,
        Unit.Minute => 60,
        Unit.Hour => 3600,
        Unit.Day => 24 * 3600,
        Unit.Week => 7 * 24 * 3600,
        Unit.Month => 30 * 24 * 3600,
        Unit.Year => 365 * 24 * 3600,
        _ => 0,
    };

    private static EquatableArray<HeaderMutationConfig> Headers(RepeatedField<HeaderValue> headers)
    {
        var kept = new List<HeaderMutationConfig>();
        foreach (var header in headers.Take(MaxHeaders))
        {
            var name = header.Key.ToLowerInvariant();
            if (MessageRules.IsChangeableHeader(name) && MessageRules.IsHeaderValue(header.Value))
            {
                kept.Add(new HeaderMutationConfig(HeaderMutationKind.Append, name, header.Value));
            }
        }

        return kept.ToEquatableArray();
    }
}
