using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>
/// Who calls the secure endpoint, for CreateCertificate and ADS alike: proven by the certificate of the connection or, if there
/// is none or it proves nothing, by a join token.
/// </summary>
internal sealed class CallerIdentity(MeshCertificateAuthority authority, JoinTokens tokens, TimeProvider time)
{
    private const string Bearer = "Bearer ";

    /// <param name="authorization">The request metadata of that name, or null.</param>
    /// <param name="certificate">What the caller showed in the handshake, unverified, or null.</param>
    /// <param name="intermediates">What it sent along with it.</param>
    /// <returns>The id, or the reason of an UNAUTHENTICATED.</returns>
    public PeerVerification Verify(string? authorization, X509Certificate2? certificate, X509Certificate2Collection? intermediates = null)
    {
        PeerVerification? byCertificate = certificate is null
            ? null
            : PeerVerifier.Verify(certificate, intermediates ?? [], authority.Bundle, time, PeerRole.Client);
        if (byCertificate is { IsTrusted: true } trusted)
        {
            return trusted;
        }

        if (authorization is null)
        {
            return byCertificate ?? PeerVerification.Refused("the caller proves no identity: neither a client certificate nor a join token");
        }

        var byToken = VerifyToken(authorization);
        return byToken.IsTrusted || byCertificate is null
            ? byToken
            : PeerVerification.Refused($"{byToken.Error}, and {byCertificate.Value.Error}");
    }

    private PeerVerification VerifyToken(string authorization)
    {
        if (!authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return PeerVerification.Refused("the authorization metadata is not a bearer token");
        }

        return tokens.Verify(authorization[Bearer.Length..].Trim(), out var error) is { } token
            ? PeerVerification.Trusted(SpiffeId.ForServiceAccount(authority.Bundle.TrustDomain, token.Namespace, token.ServiceAccount))
            : PeerVerification.Refused(error!);
    }
}
