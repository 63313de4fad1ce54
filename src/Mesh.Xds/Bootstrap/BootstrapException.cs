namespace ProxylessMesh.Xds.Bootstrap;

/// <summary>
/// The gRPC bootstrap file (GRPC_XDS_BOOTSTRAP, GRPC_XDS_BOOTSTRAP_CONFIG) cannot be used, so the host does not start. The message names
/// the file or variable, the line and the JSON path.
/// </summary>
public sealed class BootstrapException : Exception
{
    internal BootstrapException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
