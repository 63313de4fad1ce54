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

        return Verified(certificate, intermediates, new TrustBundle(certificate.Id.TrustDomain, roots), time);
    }

    /// <param name="chainPem">Leaf first; roots in it count for nothing.</param>
    /// <param name="key">That the leaf was made for; the identity has a copy of it.</param>
    /// <param name="domains">Roots by trust domain; the leaf's own must be one of them.</param>
    /// <param name="time">The clock of validity.</param>
    /// <exception cref="CryptographicException">It is damaged, not a workload's, not valid now, or of another key or trust domain. The message says which.</exception>
    public static IdentityState CreateFederated(string chainPem, AsymmetricAlgorithm key, IReadOnlyDictionary<string, X509Certificate2Collection> domains, TimeProvider time)
    {
        var certificate = WorkloadCertificate.Create(PemCertificates.Read(chainPem), key);
        var own = certificate.Id.TrustDomain;
        return domains.TryGetValue(own, out var roots)
            ? Verified(
                certificate,
                [.. certificate.Context.IntermediateCertificates],
                new TrustBundle(own, roots) { Federated = domains.Where(d => d.Key != own).ToDictionary(StringComparer.Ordinal) },
                time)
            : throw new CryptographicException($"The bundle map holds no trust domain {own}, which is that of {certificate.Id}.");
    }

    private static IdentityState Verified(WorkloadCertificate certificate, X509Certificate2Collection intermediates, TrustBundle bundle, TimeProvider time)
    {
        var verification = PeerVerifier.Verify(certificate.Leaf, intermediates, bundle, time);
        return verification.IsTrusted
            ? new IdentityState(certificate, bundle)
            : throw new CryptographicException($"{verification.Error}.");
    }
}
