namespace ProxylessMesh.Xds.Config;

/// <summary>Envoy's retry_on values (router filter, x-envoy-retry-on and x-envoy-retry-grpc-on).</summary>
[Flags]
internal enum RetryConditions
{
    None = 0,
    ServerError = 1 << 0,
    GatewayError = 1 << 1,
    Reset = 1 << 2,
    ResetBeforeRequest = 1 << 3,
    ConnectFailure = 1 << 4,
    RefusedStream = 1 << 5,
    RetriableStatusCodes = 1 << 6,
    Retriable4xx = 1 << 7,
    GrpcCancelled = 1 << 8,
    GrpcDeadlineExceeded = 1 << 9,
    GrpcInternal = 1 << 10,
    GrpcResourceExhausted = 1 << 11,
    GrpcUnavailable = 1 << 12,
    RetriableHeaders = 1 << 13,
    EnvoyRateLimited = 1 << 14,
}
