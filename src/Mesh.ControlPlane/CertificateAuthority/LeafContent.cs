using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>What differs from one leaf to the next.</summary>
internal readonly record struct LeafContent(PublicKey Key, LeafNames Names, DateTimeOffset NotBefore, DateTimeOffset NotAfter);
