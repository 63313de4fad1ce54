using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>The words of retry_on (Envoy's router filter page; gRFC A44 for the gRPC ones). Others are ignored, as both do.</summary>
internal static class RetryOn
{
    public static RetryConditions Parse(string retryOn)
    {
        var conditions = RetryConditions.None;
        foreach (var part in retryOn.AsSpan().Split(','))
        {
            conditions |= Condition(retryOn.AsSpan()[part].Trim());
        }

        return conditions;
    }

    private static RetryConditions Condition(ReadOnlySpan<char> word)
    {
        Span<char> lower = stackalloc char[32];
        if (word.Length > lower.Length)
        {
            return RetryConditions.None;
        }

        return lower[..word.ToLowerInvariant(lower)] switch
        {
            "5xx" => RetryConditions.ServerError,
            "gateway-error" => RetryConditions.GatewayError,
            "reset" => RetryConditions.Reset,
            "reset-before-request" => RetryConditions.ResetBeforeRequest,
            "connect-failure" => RetryConditions.ConnectFailure,
            "refused-stream" => RetryConditions.RefusedStream,
            "retriable-status-codes" => RetryConditions.RetriableStatusCodes,
            "retriable-4xx" => RetryConditions.Retriable4xx,
            "retriable-headers" => RetryConditions.RetriableHeaders,
            "envoy-ratelimited" => RetryConditions.EnvoyRateLimited,
            "cancelled" => RetryConditions.GrpcCancelled,
            "deadline-exceeded" => RetryConditions.GrpcDeadlineExceeded,
            "internal" => RetryConditions.GrpcInternal,
            "resource-exhausted" => RetryConditions.GrpcResourceExhausted,
            "unavailable" => RetryConditions.GrpcUnavailable,
            _ => RetryConditions.None,
        };
    }
}
