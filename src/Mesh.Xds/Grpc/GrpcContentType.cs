namespace ProxylessMesh.Xds.Grpc;

/// <summary>The media type of gRPC over HTTP/2.</summary>
internal static class GrpcContentType
{
    public const string Value = "application/grpc";

    /// <summary><c>application/grpc</c> or <c>application/grpc+proto</c>, with or without parameters; not <c>application/grpc-web</c>.</summary>
    public static bool IsGrpc(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(Value, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == Value.Length || contentType[Value.Length] is ';' or '+');
}
