using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.Xds.Identity;

/// <summary>The roots of one trust domain. Several at once while a root is being replaced.</summary>
internal sealed record TrustBundle(string TrustDomain, X509Certificate2Collection Roots)
{
    /// <summary>Roots of other trust domains whose members are peers, by the domain's name. Each root speaks for its own domain only.</summary>
    public IReadOnlyDictionary<string, X509Certificate2Collection> Federated { get; init; } = EmptyFederation;

    private static IReadOnlyDictionary<string, X509Certificate2Collection> EmptyFederation { get; } = new Dictionary<string, X509Certificate2Collection>();

    /// <summary>What vouches for members of a trust domain; null = nothing does.</summary>
    public X509Certificate2Collection? RootsOf(string trustDomain) =>
        trustDomain == TrustDomain ? Roots : Federated.GetValueOrDefault(trustDomain);

    /// <summary>Whether another bundle of the same trust domain trusts the same roots, domain by domain.</summary>
    public bool HasRootsOf(TrustBundle other) =>
        Roots.SequenceEqual(other.Roots)
        && Federated.Count == other.Federated.Count
        && Federated.All(d => other.Federated.TryGetValue(d.Key, out var roots) && d.Value.SequenceEqual(roots));

    /// <summary>Lists that every certificate below a root is held against.</summary>
    public IReadOnlyList<RevocationList> Revocations { get; init; } = [];

    /// <summary>Whether another bundle trusts the same: rotation makes new bundles of old roots.</summary>
    public bool TrustsSameAs(TrustBundle other) =>
        ReferenceEquals(this, other)
        || (TrustDomain == other.TrustDomain
            && SameRoots(Roots, other.Roots)
            && Revocations.SequenceEqual(other.Revocations)
            && Federated.Count == other.Federated.Count
            && Federated.All(f => other.Federated.TryGetValue(f.Key, out var roots) && SameRoots(f.Value, roots)));

    /// <summary>Reads the roots of a PEM text.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A certificate is damaged, or there is none.</exception>
    public static TrustBundle FromPem(string trustDomain, string pem) => new(trustDomain, PemCertificates.Read(pem));

    private static bool SameRoots(X509Certificate2Collection some, X509Certificate2Collection others) =>
        some.Count == others.Count && some.Zip(others).All(pair => pair.First.RawDataMemory.Span.SequenceEqual(pair.Second.RawDataMemory.Span));
}
