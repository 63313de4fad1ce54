using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.Xds.Identity;

/// <summary>Makes an identity of what an authority answered or a disk kept, after checking that it would pass as a peer's.</summary>
internal static class IdentityFactory
{
    /// <param name="chainPem">Leaf first; roots in it join the bundle, because they came from an authority that has proven itself.</param>
    /// <param name="key">That the leaf was made for; the identity has a copy of it.</param>
    /// <param name="otherRoots">Roots that are trusted besides.</param>
    /// <param name="time">The clock of validity.</param>
    /// <exception cref="CryptographicException">It is damaged, not a workload's, not valid now, or of another key. The message says which.</exception>
    public static IdentityState Create(string chainPem, AsymmetricAlgorithm key, X509Certificate2Collection? otherRoots, TimeProvider time)
    {
        var chain = PemCertificates.Read(chainPem);
        var certificate = WorkloadCertificate.Create(chain, key);
        var roots = new X509Certificate2Collection();
        var intermediates = new X509Certificate2Collection();
        for (var i = 1; i < chain.Count; i++)
        {
            (PemCertificates.IsSelfIssued(chain[i]) ? roots : intermediates).Add(chain[i]);
        }

        foreach (var root in otherRoots ?? [])
        {
            if (!roots.Contains(root))
            {
                roots.Add(root);
            }
        }

        var bundle = new TrustBundle(certificate.Id.TrustDomain, roots);
        var verification = PeerVerifier.Verify(certificate.Leaf, intermediates, bundle, time);
        return verification.IsTrusted
            ? new IdentityState(certificate, bundle)
            : throw new CryptographicException($"{verification.Error}.");
    }
}
