using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.ControlPlane.CertificateAuthority.Accounts;
using ProxylessMesh.ControlPlane.CertificateAuthority.Kubernetes;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>
/// Who calls the secure endpoint, for CreateCertificate and ADS alike: proven by the certificate of the connection or, if there
/// is none or it proves nothing, by a join token or a Kubernetes service-account token.
/// </summary>
internal sealed class CallerIdentity(
    MeshCertificateAuthority authority, JoinTokens tokens, TimeProvider time, IServiceAccountTokens? kubernetes = null, DeniedAccounts? denied = null)
{
    private const string Bearer = "Bearer ";

    /// <param name="authorization">The request metadata of that name, or null.</param>
    /// <param name="certificate">What the caller showed in the handshake, unverified, or null.</param>
    /// <param name="intermediates">What it sent along with it.</param>
    /// <param name="cancellationToken">Ends the wait for Kubernetes.</param>
    /// <returns>The id, or the reason of an UNAUTHENTICATED.</returns>
    public async ValueTask<CallerProof> VerifyAsync(
        string? authorization, X509Certificate2? certificate, X509Certificate2Collection? intermediates, CancellationToken cancellationToken)
    {
        // A join token has one dot, a JWT two; each kind is judged by whoever made it.
        if (kubernetes is null || BearerOf(authorization) is not { } token || token.Count(c => c == '.') != 2)
        {
            return Verify(authorization, certificate, intermediates);
        }

        var byCertificate = Verify(null, certificate, intermediates);
        return byCertificate.IsTrusted
            ? byCertificate
            : Allowed(await kubernetes.VerifyAsync(token, authority.Bundle.TrustDomain, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The same without Kubernetes.</summary>
    public CallerProof Verify(string? authorization, X509Certificate2? certificate, X509Certificate2Collection? intermediates = null) =>
        Allowed(VerifyAny(authorization, certificate, intermediates));

    /// <summary>Whether the account has been revoked, perhaps a moment ago.</summary>
    public bool IsDenied(SpiffeId id) => denied?.Contains(id) == true;

    /// <summary>Ends a single-use token; false when another call was first.</summary>
    public bool Spend(JoinToken token) => tokens.Spend(token);

    private CallerProof Allowed(CallerProof proof) => proof.IsTrusted && IsDenied(proof.Id) ? CallerProof.Refused($"{proof.Id} is revoked") : proof;

    private CallerProof VerifyAny(string? authorization, X509Certificate2? certificate, X509Certificate2Collection? intermediates)
    {
        PeerVerification? byCertificate = certificate is null
            ? null
            : PeerVerifier.Verify(certificate, intermediates ?? [], authority.Bundle, time, PeerRole.Client);
        if (byCertificate is { IsTrusted: true } trusted)
        {
            return new CallerProof(InTrustDomain(trusted));
        }

        if (authorization is null)
        {
            return new CallerProof(byCertificate ?? PeerVerification.Refused("the caller proves no identity: neither a client certificate nor a join token"));
        }

        var byToken = VerifyToken(authorization);
        return byToken.IsTrusted || byCertificate is null
            ? byToken
            : CallerProof.Refused($"{byToken.Error}, and {byCertificate.Value.Error}");
    }

    // A certificate of an alias gets one of the trust domain that identities are issued in now (Istio, "Trust domain migration").
    private PeerVerification InTrustDomain(PeerVerification peer) =>
        peer.Id is { ServiceAccount: not null } id && id.TrustDomain != authority.Bundle.TrustDomain
            ? PeerVerification.Trusted(SpiffeId.ForServiceAccount(authority.Bundle.TrustDomain, id.Namespace!, id.ServiceAccount))
            : peer;

    private static string? BearerOf(string? authorization) =>
        authorization?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) == true ? authorization[Bearer.Length..].Trim() : null;

    private CallerProof VerifyToken(string authorization)
    {
        if (BearerOf(authorization) is not { } text)
        {
            return CallerProof.Refused("the authorization metadata is not a bearer token");
        }

        return tokens.Verify(text, out var error) is { } token
            ? new CallerProof(
                PeerVerification.Trusted(SpiffeId.ForServiceAccount(authority.Bundle.TrustDomain, token.Namespace, token.ServiceAccount)),
                token.IsSingleUse ? token : null)
            : CallerProof.Refused(error!);
    }
}
