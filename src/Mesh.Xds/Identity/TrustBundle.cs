using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.Xds.Identity;

/// <summary>The roots of one trust domain. Several at once while a root is being replaced.</summary>
internal sealed record TrustBundle(string TrustDomain, X509Certificate2Collection Roots);
