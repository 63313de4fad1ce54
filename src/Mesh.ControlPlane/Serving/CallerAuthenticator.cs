using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Serving;

/// <summary>
/// On the TLS port a caller proves who it is, by certificate or join token. On the plaintext port nobody can: what is sent there
/// as a proof is not even looked at.
/// </summary>
internal sealed class CallerAuthenticator(CallerIdentity callers) : IStreamAuthenticator
{
    public ValueTask<SpiffeId?> AuthenticateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (!context.IsSecure())
        {
            return ValueTask.FromResult<SpiffeId?>(null);
        }

        var caller = callers.Verify(context);
        return caller.IsTrusted ? ValueTask.FromResult<SpiffeId?>(caller.Id) : throw new GrpcException(GrpcStatusCode.Unauthenticated, caller.Error);
    }
}
