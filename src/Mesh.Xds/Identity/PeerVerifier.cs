using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.Xds.Identity;

/// <summary>
/// Decides whether a peer's certificate proves a SPIFFE id: chain to one of the bundle's roots, now valid, no CA as leaf,
/// exactly one URI SAN, in a trust domain of the bundle (X509-SVID specification, section 5). Host names are never looked at.
/// </summary>
internal static class PeerVerifier
{
    /// <summary>Certificates that a peer may send along with its own; a longer list is refused before any signature is checked.</summary>
    public const int MaxIntermediates = 8;

    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    /// <param name="leaf">What the peer showed.</param>
    /// <param name="intermediates">What it sent along.</param>
    /// <param name="bundle">Whom we trust.</param>
    /// <param name="time">The clock of validity.</param>
    /// <param name="role">Which extended key usage it needs, if it has any; null = either.</param>
    public static PeerVerification Verify(
        X509Certificate2 leaf, X509Certificate2Collection intermediates, TrustBundle bundle, TimeProvider time, PeerRole? role = null)
    {
        if (intermediates.Count > MaxIntermediates)
        {
            return PeerVerification.Refused(TooManyIntermediates);
        }

        var verification = VerifyLeaf(leaf, bundle, time, role);
        if (!verification.IsTrusted)
        {
            return verification;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy = ChainPolicy(bundle, time);
        chain.ChainPolicy.ExtraStore.AddRange(intermediates);
        try
        {
            return chain.Build(leaf) ? CheckChain(verification, chain, bundle) : PeerVerification.Refused(ChainError(chain, bundle));
        }
        catch (CryptographicException)
        {
            return PeerVerification.Refused("the certificate chain is damaged");
        }
        finally
        {
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }
        }
    }

    /// <summary>
    /// The same for a chain that <see cref="System.Net.Security.SslStream"/> has built under <see cref="ChainPolicy"/>, so that a handshake builds it
    /// only once.
    /// </summary>
    public static PeerVerification VerifyBuilt(X509Certificate2 leaf, X509Chain chain, TrustBundle bundle, TimeProvider time, PeerRole role)
    {
        // Anything but our own policy may have trusted the machine's roots.
        if (chain.ChainPolicy.TrustMode != X509ChainTrustMode.CustomRootTrust)
        {
            return Verify(leaf, chain.ChainPolicy.ExtraStore, bundle, time, role);
        }

        if (chain.ChainPolicy.ExtraStore.Count > MaxIntermediates)
        {
            return PeerVerification.Refused(TooManyIntermediates);
        }

        var verification = VerifyLeaf(leaf, bundle, time, role);
        return !verification.IsTrusted ? verification
            : chain.ChainStatus.Length == 0 && chain.ChainElements.Count > 0 ? CheckChain(verification, chain, bundle)
            : PeerVerification.Refused(ChainError(chain, bundle));
    }

    /// <summary>Only the bundle's roots, nothing fetched over the network. Revocation lists are the bundle's own, see <see cref="RevocationList"/>.</summary>
    public static X509ChainPolicy ChainPolicy(TrustBundle bundle, TimeProvider time)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = time.GetUtcNow().LocalDateTime,
            VerificationTimeIgnored = false,
        };
        policy.CustomTrustStore.AddRange(bundle.Roots);
        foreach (var (_, roots) in bundle.Federated)
        {
            policy.CustomTrustStore.AddRange(roots);
        }

        return policy;
    }

    private static string TooManyIntermediates { get; } = $"the peer sent more than {MaxIntermediates} intermediate certificates";

    private static PeerVerification CheckChain(PeerVerification verification, X509Chain chain, TrustBundle bundle)
    {
        // All domains' roots are in one store, and none may vouch for another domain.
        if (bundle.Federated.Count > 0 && bundle.RootsOf(verification.Id!.TrustDomain)?.Contains(chain.ChainElements[^1].Certificate) != true)
        {
            return PeerVerification.Refused($"the certificate does not chain to a root of trust domain {verification.Id.TrustDomain}");
        }

        foreach (var list in bundle.Revocations)
        {
            for (var i = 0; i < chain.ChainElements.Count - 1; i++)
            {
                var certificate = chain.ChainElements[i].Certificate;
                if (list.Revokes(certificate, chain.ChainElements[i + 1].Certificate))
                {
                    return PeerVerification.Refused(i == 0
                        ? $"the certificate of {verification.Id} with the serial number {certificate.SerialNumber} is revoked"
                        : $"an authority above {verification.Id}, with the serial number {certificate.SerialNumber}, is revoked");
                }
            }
        }

        return verification;
    }

    private static PeerVerification VerifyLeaf(X509Certificate2 leaf, TrustBundle bundle, TimeProvider time, PeerRole? role)
    {
        try
        {
            if (SpiffeIdOf(leaf, out var error) is not { } id)
            {
                return PeerVerification.Refused(error!);
            }

            error = UsageError(leaf, role) ?? ValidityError(leaf, time);
            if (error is null && bundle.RootsOf(id.TrustDomain) is null)
            {
                error = $"the certificate of {id} belongs to another trust domain than {bundle.TrustDomain}";
            }

            return error is null ? PeerVerification.Trusted(id) : PeerVerification.Refused(error);
        }
        catch (CryptographicException)
        {
            return PeerVerification.Refused("an extension of the certificate is damaged");
        }
    }

    /// <summary>The id that a certificate claims, with nothing verified; null with the rule of X509-SVID section 2 that it breaks.</summary>
    public static SpiffeId? SpiffeIdOf(X509Certificate2 leaf, out string? error)
    {
        var names = SvidNames.Of(leaf);
        SpiffeId? id = null;
        error = names switch
        {
            null => "the certificate's subject alternative names are damaged",
            { Uris: [] } => "the certificate has no URI as subject alternative name",
            { Uris: [_, _, ..] } => $"the certificate has {names.Uris.Count} URIs as subject alternative names, but an SVID has exactly one",
            { Uris: [var uri] } when SpiffeId.TryParse(uri, out id) => null,
            _ => "the certificate's URI is not a SPIFFE id",
        };
        return id;
    }

    // X509-SVID, sections 4.1, 4.3 and 4.4.
    private static string? UsageError(X509Certificate2 leaf, PeerRole? role)
    {
        var flags = X509KeyUsageFlags.None;
        foreach (var extension in leaf.Extensions)
        {
            switch (extension)
            {
                case X509BasicConstraintsExtension { CertificateAuthority: true }:
                    return "the certificate is a certificate authority's, not a workload's";
                case X509KeyUsageExtension usage:
                    flags |= usage.KeyUsages;
                    break;
                case X509EnhancedKeyUsageExtension usage when !Allows(usage, role):
                    return role is PeerRole.Client
                        ? "the certificate's extended key usage does not allow client authentication"
                        : "the certificate's extended key usage does not allow server authentication";
            }
        }

        return (flags & (X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign)) != 0
                ? "the certificate's key usage allows signing certificates or revocation lists"
            : (flags & X509KeyUsageFlags.DigitalSignature) == 0 ? "the certificate's key usage does not allow digital signatures"
            : null;
    }

    private static bool Allows(X509EnhancedKeyUsageExtension usage, PeerRole? role)
    {
        foreach (var purpose in usage.EnhancedKeyUsages)
        {
            if ((purpose.Value == ServerAuth && role is not PeerRole.Client) || (purpose.Value == ClientAuth && role is not PeerRole.Server))
            {
                return true;
            }
        }

        return false;
    }

    private static string? ValidityError(X509Certificate2 leaf, TimeProvider time)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var notBefore = leaf.NotBefore.ToUniversalTime();
        var notAfter = leaf.NotAfter.ToUniversalTime();
        return now > notAfter ? string.Create(CultureInfo.InvariantCulture, $"the certificate expired at {notAfter:u}")
            : now < notBefore ? string.Create(CultureInfo.InvariantCulture, $"the certificate is not yet valid, only from {notBefore:u}")
            : null;
    }

    private static string ChainError(X509Chain chain, TrustBundle bundle)
    {
        var status = X509ChainStatusFlags.NoError;
        foreach (var entry in chain.ChainStatus)
        {
            status |= entry.Status;
        }

        // A wrong signature is what another authority of the same name shows: one whose root was made anew.
        const X509ChainStatusFlags UnknownRoot =
            X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.NotSignatureValid;
        return (status & UnknownRoot) != 0
                ? $"the certificate does not chain to a root of trust domain {bundle.TrustDomain}"
            : (status & X509ChainStatusFlags.NotTimeValid) != 0 ? "a certificate that signed it, or its root, is outside its validity"
            : $"the certificate chain is not valid ({status})";
    }
}
