using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.Xds.Identity;

/// <summary>An X.509 SVID with its private key, ready for handshakes.</summary>
/// <param name="Leaf">With the private key.</param>
/// <param name="Id">Its only URI SAN.</param>
/// <param name="Context">Leaf and intermediates, built once: every handshake uses it.</param>
internal sealed record WorkloadCertificate(X509Certificate2 Leaf, SpiffeId Id, SslStreamCertificateContext Context);
