using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Identity;

/// <summary>What a peer showed in its handshake, kept as bytes so that it can be judged again while the connection lives.</summary>
internal sealed class ShownCertificates
{
    private readonly byte[] _leaf;
    private readonly byte[][] _intermediates;

    public ShownCertificates(X509Certificate2 leaf, X509Certificate2Collection intermediates)
    {
        _leaf = leaf.RawData;
        _intermediates = [.. intermediates.Take(PeerVerifier.MaxIntermediates).Select(c => c.RawData)];
    }

    /// <summary>Of the leaf, as Envoy writes it into x-forwarded-client-cert: SHA-256 of its DER form in lower-case hexadecimal, and its subject.</summary>
    public (string Hash, string Subject) Describe()
    {
        using var leaf = X509CertificateLoader.LoadCertificate(_leaf);
        return (Convert.ToHexStringLower(SHA256.HashData(_leaf)), leaf.Subject);
    }

    /// <summary>
    /// Whether the trust of now still covers it. A certificate that has expired since is judged as of its last moment: who was
    /// trusted all its life is another case than who was revoked.
    /// </summary>
    /// <param name="bundle">Of now.</param>
    /// <param name="time">The clock of validity.</param>
    /// <param name="role">Of the peer in its handshake.</param>
    public PeerStanding Judge(TrustBundle bundle, TimeProvider time, PeerRole role)
    {
        using var leaf = X509CertificateLoader.LoadCertificate(_leaf);
        var intermediates = new X509Certificate2Collection();
        try
        {
            foreach (var intermediate in _intermediates)
            {
                intermediates.Add(X509CertificateLoader.LoadCertificate(intermediate));
            }

            // A second before the end, because OpenSSL counts the end itself as over.
            var end = new DateTimeOffset(leaf.NotAfter) - TimeSpan.FromSeconds(1);
            var expired = end < time.GetUtcNow();
            var verification = PeerVerifier.Verify(leaf, intermediates, bundle, expired ? new StoppedTime(end) : time, role);
            return !verification.IsTrusted ? PeerStanding.Untrusted : expired ? PeerStanding.Expired : PeerStanding.Trusted;
        }
        finally
        {
            foreach (var intermediate in intermediates)
            {
                intermediate.Dispose();
            }
        }
    }

    /// <summary>Whether it is one of those that a configuration names; an empty list names everyone.</summary>
    public bool IsOneOf(EquatableArray<StringMatchConfig> allowed)
    {
        using var leaf = X509CertificateLoader.LoadCertificate(_leaf);
        return PeerVerifier.SpiffeIdOf(leaf, out _) is { } id && SubjectNameMatcher.Matches(leaf, id, allowed);
    }

    private sealed class StoppedTime(DateTimeOffset at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at;
    }
}
