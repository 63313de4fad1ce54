using Istio.V1.Auth;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary><c>istio.v1.auth.IstioCertificateService</c>.</summary>
internal sealed partial class CertificateService(MeshCertificateAuthority authority, CallerIdentity callers, ILogger<CertificateService> logger)
{
    /// <param name="request">The signing request; its names and metadata mean nothing.</param>
    /// <param name="caller">Who asks.</param>
    /// <exception cref="GrpcException">UNAUTHENTICATED, or INVALID_ARGUMENT, with the reason.</exception>
    public IstioCertificateResponse CreateCertificate(IstioCertificateRequest request, CallerProof caller)
    {
        if (!caller.IsTrusted)
        {
            Log.Refused(logger, caller.Error);
            throw new GrpcException(GrpcStatusCode.Unauthenticated, caller.Error);
        }

        try
        {
            var response = new IstioCertificateResponse();
            response.CertChain.AddRange(authority.Issue(caller.Id, request.Csr, LifetimeOf(request)));

            // The certificate is on record by now: either whoever revokes the account finds it there, or we see here that it is revoked.
            if (callers.IsDenied(caller.Id))
            {
                Log.Refused(logger, "the account is revoked");
                throw new GrpcException(GrpcStatusCode.Unauthenticated, $"{caller.Id} is revoked");
            }

            // Last, so that a bad request does not cost the token; of two calls at once, one loses.
            if (caller.SingleUse is { } token && !callers.Spend(token))
            {
                Log.Refused(logger, "the join token was good for one certificate");
                throw new GrpcException(GrpcStatusCode.Unauthenticated, "the join token was good for one certificate, which has been issued");
            }

            Log.Issued(logger, caller.Id);
            return response;
        }
        catch (CertificateAuthorityException e)
        {
            Log.NotSigned(logger, caller.Id, e.Message);
            throw new GrpcException(GrpcStatusCode.Unavailable, "the certificate authority cannot keep its records", e);
        }
        catch (SigningRequestException e)
        {
            Log.NotSigned(logger, caller.Id, e.Message);
            throw new GrpcException(GrpcStatusCode.InvalidArgument, e.Message, e);
        }
    }

    // The authority caps it; more than a century is not even a TimeSpan we want to add to a date.
    private static TimeSpan? LifetimeOf(IstioCertificateRequest request) =>
        request.ValidityDuration <= 0 ? null : TimeSpan.FromSeconds(Math.Min(request.ValidityDuration, 100L * 366 * 86_400));

    private static partial class Log
    {
        [LoggerMessage(4303, LogLevel.Information, "Issued a certificate to {Id}")]
        public static partial void Issued(ILogger logger, SpiffeId id);

        [LoggerMessage(4304, LogLevel.Warning, "Refused a certificate: {Reason}")]
        public static partial void Refused(ILogger logger, string reason);

        [LoggerMessage(4305, LogLevel.Warning, "Refused a certificate to {Id}: {Reason}")]
        public static partial void NotSigned(ILogger logger, SpiffeId id, string reason);
    }
}
