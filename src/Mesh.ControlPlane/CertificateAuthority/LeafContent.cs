using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>What differs from one leaf to the next.</summary>
/// <param name="Key">The workload's.</param>
/// <param name="Names">Whom it names.</param>
/// <param name="Serial">Positive.</param>
/// <param name="NotBefore">Begin of its validity.</param>
/// <param name="NotAfter">Its last second.</param>
internal readonly record struct LeafContent(PublicKey Key, LeafNames Names, byte[] Serial, DateTimeOffset NotBefore, DateTimeOffset NotAfter);
