using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>Decides who is at the other end of a connection, by what it proves and never by what it says of itself.</summary>
internal interface IStreamAuthenticator
{
    /// <summary>The proven identity, or null for a caller that may be served without one.</summary>
    /// <exception cref="GrpcException">UNAUTHENTICATED or PERMISSION_DENIED: the caller is refused.</exception>
    ValueTask<SpiffeId?> AuthenticateAsync(HttpContext context, CancellationToken cancellationToken);
}
