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
    public async ValueTask<SpiffeId?> AuthenticateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (!context.IsSecure())
        {
            return null;
        }

        var caller = await callers.VerifyAsync(context, cancellationToken).ConfigureAwait(false);
        return !caller.IsTrusted ? throw new GrpcException(GrpcStatusCode.Unauthenticated, caller.Error)
            : caller.SingleUse is not null ? throw new GrpcException(GrpcStatusCode.Unauthenticated, "a single-use join token gets a certificate, which then proves who calls; it gets no configuration")
            : caller.Id;
    }
}
