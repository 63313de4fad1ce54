using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Client.TlsOrigination;

/// <summary>
/// The handshake with a server that is not of the mesh: an <c>http://</c> call leaves as https. What cannot be verified is not
/// spoken to.
/// </summary>
internal sealed class OriginatedTls(CertificateFiles files, TimeProvider time)
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <param name="tls">With its origination.</param>
    /// <param name="host">Of the endpoint, or of the request where the destination is its own.</param>
    /// <param name="alpn">By the request's version.</param>
    /// <param name="peer">Receives the reason of a refusal.</param>
    /// <exception cref="AuthenticationException">A certificate file cannot be used.</exception>
    public SslClientAuthenticationOptions Options(
        UpstreamTlsConfig tls, string host, IReadOnlyList<SslApplicationProtocol> alpn, HandshakePeer peer)
    {
        var origination = tls.Origination!;
        var serverName = origination.AutoHostName || tls.ServerName.Length == 0 ? host : tls.ServerName;
        try
        {
            return new SslClientAuthenticationOptions
            {
                TargetHost = serverName,
                ApplicationProtocols = [.. alpn],
                EnabledSslProtocols = tls.Parameters?.Protocols ?? SslProtocols.Tls12 | SslProtocols.Tls13,
                CipherSuitesPolicy = tls.Parameters?.CipherSuitesPolicy(),
                AllowRenegotiation = false,
                AllowTlsResume = false,
                ClientCertificateContext = origination.CertificateFile is { } certificate ? files.Identity(certificate, origination.KeyFile!) : null,
                CertificateChainPolicy = ChainPolicy(origination),
                RemoteCertificateValidationCallback = (_, shown, _, errors) => Verify(shown, errors, tls, serverName, peer),
            };
        }
        catch (CryptographicException e)
        {
            throw new AuthenticationException(e.Message, e);
        }
    }

    private static bool Verify(X509Certificate? shown, SslPolicyErrors errors, UpstreamTlsConfig tls, string serverName, HandshakePeer peer)
    {
        if (shown is not X509Certificate2 certificate)
        {
            return peer.Refuse("the server showed no certificate");
        }

        var origination = tls.Origination!;
        if (!origination.AcceptUntrusted && (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) != SslPolicyErrors.None)
        {
            var roots = origination.RootsFile is { } file ? $"the roots in {file}" : "a root of this machine";
            return peer.Refuse($"the certificate of {serverName} does not chain to {roots}, or is not valid now");
        }

        if (tls.SubjectAltNames.Count > 0 && !ServerNames.MatchesAny(certificate, tls.SubjectAltNames))
        {
            return peer.Refuse($"the certificate of {serverName} has none of the names that the configuration allows");
        }

        // Envoy checks no name unless told to; whoever forgets to tell is better off with the name that was asked for.
        var checkName = origination.AutoNameValidation || (tls.SubjectAltNames.Count == 0 && !origination.AcceptUntrusted);
        return checkName && !ServerNames.IsFor(certificate, serverName)
            ? peer.Refuse($"the certificate is not for {serverName}")
            : peer.Accept(null);
    }

    private X509ChainPolicy ChainPolicy(TlsOriginationConfig origination)
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = time.GetUtcNow().LocalDateTime,
            VerificationTimeIgnored = false,
        };
        policy.ApplicationPolicy.Add(ServerAuthentication);
        if (origination.RootsFile is { } file)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(files.Roots(file));
        }

        return policy;
    }
}
