using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>What signs.</summary>
/// <param name="Certificate">Of the authority, without the key.</param>
/// <param name="Key">Its private key.</param>
/// <param name="Roots">What workloads trust; the certificate is one of them or chains to one.</param>
internal sealed record SigningKeyPair(X509Certificate2 Certificate, ECDsa Key, X509Certificate2Collection Roots);
