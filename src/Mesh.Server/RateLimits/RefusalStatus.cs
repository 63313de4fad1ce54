using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Server.RateLimits;

/// <summary>What a gRPC caller gets for an HTTP status (grpc/doc/http-grpc-status-mapping.md).</summary>
internal static class RefusalStatus
{
    public static GrpcStatusCode OfGrpc(int status, bool asResourceExhausted) =>
        asResourceExhausted ? GrpcStatusCode.ResourceExhausted : OfGrpc(status);

    public static GrpcStatusCode OfGrpc(int status) => status switch
    {
        400 => GrpcStatusCode.Internal,
        401 => GrpcStatusCode.Unauthenticated,
        403 => GrpcStatusCode.PermissionDenied,
        404 => GrpcStatusCode.Unimplemented,
        429 or 502 or 503 or 504 => GrpcStatusCode.Unavailable,
        _ => GrpcStatusCode.Unknown,
    };
}
