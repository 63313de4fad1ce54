using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>What signs.</summary>
/// <param name="Certificate">Of the authority, without the key.</param>
/// <param name="Key">Its private key, ECDSA or RSA.</param>
/// <param name="Intermediates">What leads from the certificate to its root, the certificate first; empty when it is a root itself.</param>
/// <param name="Roots">What workloads trust, the one that the certificate leads to first.</param>
internal sealed record SigningKeyPair(
    X509Certificate2 Certificate, AsymmetricAlgorithm Key, X509Certificate2Collection Intermediates, X509Certificate2Collection Roots)
{
    /// <summary>PEM of what the authority and those above it have revoked; empty = nothing.</summary>
    public string RevocationLists { get; init; } = "";

    /// <summary>The root of what this pair signs.</summary>
    public X509Certificate2 Anchor => Roots[0];
}
