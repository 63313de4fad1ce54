using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>
/// The certificate of the secure endpoint (15012), from the mesh's own authority. A handshake that finds it half spent makes
/// the next one.
/// </summary>
internal sealed partial class ControlPlaneCertificate(
    MeshCertificateAuthority authority, CertificateAuthorityOptions options, TimeProvider time, ILogger<ControlPlaneCertificate> logger)
{
    private readonly SpiffeId _id = SpiffeId.ForServiceAccount(options.TrustDomain, "istio-system", "istiod");
    private readonly Lock _lock = new();
    private volatile Issued? _current;

    /// <summary>Certificate and roots of this moment.</summary>
    public IdentityState Current => _current is { } issued && IsFresh(issued) ? issued.State : Renew();

    /// <summary>
    /// Options of one handshake, HTTP/2 only. Certificates are asked for but judged by <see cref="CallerIdentity"/>, call by
    /// call: one that is of no use any more must not keep a caller from showing a token, and one that expires during a long
    /// stream must not prove the next call.
    /// </summary>
    /// <param name="chain">Receives what the caller sends along with its certificate; null = it is of no interest.</param>
    [SuppressMessage("Security", "CA5359", Justification = "This is the server's side, and every call verifies the certificate.")]
    public SslServerAuthenticationOptions ServerOptions(ClientChain? chain = null)
    {
        var state = Current;
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = state.Certificate.Context,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
            AllowTlsResume = false,
            ClientCertificateRequired = true,
            CertificateChainPolicy = PeerVerifier.ChainPolicy(state.Bundle, time),
            RemoteCertificateValidationCallback = (_, _, sent, _) =>
            {
                chain?.Take(sent);
                return true;
            },
        };
    }

    // Another signer or other roots make another certificate.
    private bool IsFresh(Issued issued) => ReferenceEquals(issued.By, authority.State) && !IsHalfSpent(issued.State.Certificate);

    private bool IsHalfSpent(WorkloadCertificate certificate) =>
        time.GetUtcNow() >= certificate.NotBefore + ((certificate.NotAfter - certificate.NotBefore) / 2);

    private IdentityState Renew()
    {
        lock (_lock)
        {
            if (_current is { } issued && IsFresh(issued))
            {
                return issued.State;
            }

            using var key = SigningRequest.NewKey();
            var by = authority.State;
            var renewed = IdentityFactory.Create(authority.IssueServer(key, _id), key, by.Bundle.Roots, time);
            _current = new Issued(renewed, by);
            Log.Renewed(logger, _id, renewed.Certificate.NotAfter);
            return renewed;
        }
    }

    private sealed record Issued(IdentityState State, AuthorityState By);

    private static partial class Log
    {
        [LoggerMessage(4302, LogLevel.Information, "Control plane certificate of {Id} issued, valid until {NotAfter:u}")]
        public static partial void Renewed(ILogger logger, SpiffeId id, DateTimeOffset notAfter);
    }
}
