using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Identity;

/// <summary>
/// TLS of both sides of a mesh connection. The options are made anew for each handshake: they hold the certificate and the
/// roots of that moment, so rotation touches no open connection.
/// </summary>
internal static class MeshTls
{
    // Resumption would skip the verification of a peer whose root or trust domain is no longer trusted.
    private const bool Resume = false;

    private const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>Towards an endpoint: our certificate if the configuration names one, and a server that proves an allowed id.</summary>
    /// <param name="identity">Of this moment, from <see cref="IIdentitySource.Current"/>.</param>
    /// <param name="config">Which names the server may have, and the SNI.</param>
    /// <param name="alpn">For the version of the request at hand; may be empty.</param>
    /// <param name="time">The clock of validity.</param>
    /// <param name="peer">Receives the server's id, or the reason of the refusal.</param>
    public static SslClientAuthenticationOptions ForClient(
        IdentityState identity,
        UpstreamTlsConfig config,
        IReadOnlyList<SslApplicationProtocol> alpn,
        TimeProvider time,
        HandshakePeer? peer = null) => new()
        {
            TargetHost = config.ServerName,
            ApplicationProtocols = alpn.Count == 0 ? null : [.. alpn],
            EnabledSslProtocols = config.Parameters?.Protocols ?? Protocols,
            CipherSuitesPolicy = config.Parameters?.CipherSuitesPolicy(),
            AllowRenegotiation = false,
            AllowTlsResume = Resume,
            ClientCertificateContext = config.IdentityProvider is null ? null : identity.Certificate.Context,
            CertificateChainPolicy = PeerVerifier.ChainPolicy(identity.Bundle, time),
            RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                Verify(certificate, chain, identity.Bundle, config.SubjectAltNames, PeerRole.Server, time, peer ?? new HandshakePeer()),
        };

    /// <summary>Of a listener: our certificate, and a client that proves an id of the trust domain, if it must or wants to show one.</summary>
    /// <param name="identity">Of this moment.</param>
    /// <param name="config">Whether a client must show a certificate. Without a roots provider none is asked for.</param>
    /// <param name="alpn">What the listener speaks; may be empty.</param>
    /// <param name="time">The clock of validity.</param>
    /// <param name="peer">Receives the client's id, or the reason of the refusal.</param>
    public static SslServerAuthenticationOptions ForServer(
        IdentityState identity,
        DownstreamTlsConfig config,
        IReadOnlyList<SslApplicationProtocol> alpn,
        TimeProvider time,
        HandshakePeer? peer = null)
    {
        // To require a certificate that nothing can verify is a mistake of the configuration; the mesh's roots verify it then.
        var ask = config.RequireClientCertificate || config.RootsProvider is not null;
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = identity.Certificate.Context,
            ApplicationProtocols = alpn.Count == 0 ? null : [.. alpn],
            EnabledSslProtocols = config.Parameters?.Protocols ?? Protocols,
            CipherSuitesPolicy = config.Parameters?.CipherSuitesPolicy(),
            AllowRenegotiation = false,
            AllowTlsResume = Resume,
            ClientCertificateRequired = ask,
            CertificateChainPolicy = PeerVerifier.ChainPolicy(identity.Bundle, time),
            RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                certificate is null && !config.RequireClientCertificate
                || Verify(certificate, chain, identity.Bundle, [], PeerRole.Client, time, peer ?? new HandshakePeer()),
        };
    }

    /// <summary>
    /// Towards the control plane, which has no identity that could be known before the first contact: as of any https server,
    /// its host name must fit its certificate.
    /// </summary>
    /// <param name="host">Host name or address of the control plane's URL.</param>
    /// <param name="roots">Of the mesh; null = the machine's.</param>
    /// <param name="current">Our certificate, when there is one.</param>
    /// <param name="time">The clock of validity.</param>
    public static SslClientAuthenticationOptions ForControlPlane(
        string host, X509Certificate2Collection? roots, WorkloadCertificate? current, TimeProvider time) => new()
        {
            TargetHost = host,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            EnabledSslProtocols = Protocols,
            AllowRenegotiation = false,
            AllowTlsResume = Resume,
            ClientCertificateContext = current?.Context,
            CertificateChainPolicy = roots is null ? null : PeerVerifier.ChainPolicy(new TrustBundle("", roots), time),
        };

    /// <summary>The id that a certificate claims; of a peer's certificate only after a handshake whose options came from here.</summary>
    public static SpiffeId? PeerIdOf(X509Certificate2 certificate) => PeerVerifier.SpiffeIdOf(certificate, out _);

    private static bool Verify(
        X509Certificate? certificate,
        X509Chain? chain,
        TrustBundle bundle,
        EquatableArray<StringMatchConfig> allowed,
        PeerRole role,
        TimeProvider time,
        HandshakePeer peer)
    {
        if (certificate is not X509Certificate2 leaf || chain is null)
        {
            return peer.Refuse("the peer showed no certificate");
        }

        var verification = PeerVerifier.VerifyBuilt(leaf, chain, bundle, time, role);
        return !verification.IsTrusted ? peer.Refuse(verification.Error)
            : !SubjectNameMatcher.Matches(leaf, verification.Id, allowed)
                ? peer.Refuse($"the peer is {verification.Id}, which the configuration does not allow for this endpoint")
            : peer.Accept(verification.Id, leaf, chain.ChainPolicy.ExtraStore);
    }
}
