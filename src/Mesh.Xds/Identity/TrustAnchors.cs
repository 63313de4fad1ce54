using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.Xds.Identity;

/// <summary>Roots and revocation lists of one moment, as the control plane distributes them.</summary>
/// <param name="Roots">The one of the authority that signs now first.</param>
/// <param name="Revocations">Lists that peers' certificates are held against.</param>
internal sealed record TrustAnchors(X509Certificate2Collection Roots, IReadOnlyList<RevocationList> Revocations)
{
    /// <summary>Roots by trust domain; empty = only the workload's own.</summary>
    public IReadOnlyDictionary<string, X509Certificate2Collection> Domains { get; init; } = new Dictionary<string, X509Certificate2Collection>();

    /// <summary>What a workload of a trust domain trusts.</summary>
    public TrustBundle For(string trustDomain) => new(trustDomain, Roots)
    {
        Revocations = Revocations,
        Federated = Domains.Where(d => d.Key != trustDomain).ToDictionary(StringComparer.Ordinal),
    };
}
