using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.Xds.Identity;

/// <summary>An X.509 SVID with its private key, ready for handshakes.</summary>
/// <param name="Leaf">With the private key.</param>
/// <param name="Id">Its only URI SAN.</param>
/// <param name="Context">Leaf and intermediates, built once: every handshake uses it.</param>
internal sealed record WorkloadCertificate(X509Certificate2 Leaf, SpiffeId Id, SslStreamCertificateContext Context)
{
    public DateTimeOffset NotBefore { get; } = new(Leaf.NotBefore.ToUniversalTime());

    public DateTimeOffset NotAfter { get; } = new(Leaf.NotAfter.ToUniversalTime());

    /// <summary>Joins a chain, leaf first, with the key it was made for. Roots in the chain are not sent in handshakes.</summary>
    /// <exception cref="CryptographicException">The leaf is no SVID, or the key is not the leaf's.</exception>
    public static WorkloadCertificate Create(X509Certificate2Collection chain, AsymmetricAlgorithm key)
    {
        var id = PeerVerifier.SpiffeIdOf(chain[0], out var error) ?? throw new CryptographicException($"{error}.");
        if (!HasKey(chain[0], key))
        {
            throw new CryptographicException("The certificate was made for another key.");
        }

        var leaf = Usable(WithKey(chain[0], key));
        var intermediates = new X509Certificate2Collection();
        for (var i = 1; i < chain.Count; i++)
        {
            if (!PemCertificates.IsSelfIssued(chain[i]))
            {
                intermediates.Add(chain[i]);
            }
        }

        return new WorkloadCertificate(leaf, id, SslStreamCertificateContext.Create(leaf, intermediates, offline: true));
    }

    private static X509Certificate2 WithKey(X509Certificate2 leaf, AsymmetricAlgorithm key) => key switch
    {
        ECDsa curve => leaf.CopyWithPrivateKey(curve),
        RSA rsa => leaf.CopyWithPrivateKey(rsa),
        _ => throw new CryptographicException($"A key of kind {key.SignatureAlgorithm} is neither RSA nor ECDSA."),
    };

    private static bool HasKey(X509Certificate2 leaf, AsymmetricAlgorithm key) =>
        leaf.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo());

    // SChannel cannot use an ephemeral key; a round trip through PKCS#12 gives it a stored one.
    private static X509Certificate2 Usable(X509Certificate2 leaf)
    {
        if (!OperatingSystem.IsWindows())
        {
            return leaf;
        }

        using (leaf)
        {
            return X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), password: null);
        }
    }
}
