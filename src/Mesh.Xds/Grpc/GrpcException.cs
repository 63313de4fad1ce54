namespace ProxylessMesh.Xds.Grpc;

/// <summary>A call that ended with a status other than OK. The control plane's status never leaves this assembly towards an application's call (gRFC A54).</summary>
internal sealed class GrpcException(GrpcStatusCode status, string message, Exception? inner = null)
    : Exception($"{status}: {message}", inner)
{
    public GrpcStatusCode Status { get; } = status;

    /// <summary>grpc-message, percent-decoded.</summary>
    public string Detail { get; } = message;
}
