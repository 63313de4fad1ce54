using System.Security.Cryptography.X509Certificates;

namespace ProxylessMesh.Xds.Identity;

/// <summary>How a workload keeps its certificate.</summary>
internal sealed record CaIdentityOptions
{
    /// <summary>Asked of the authority. Istio's default is 24 h.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The namespace that the certificate must be for; null = any.</summary>
    public string? Namespace { get; init; }

    /// <summary>The service account that the certificate must be for; null = any.</summary>
    public string? ServiceAccount { get; init; }

    /// <summary>
    /// Roots that the operator gave; null = none. They join the bundle, and a saved identity that does not chain to them is of
    /// another mesh and not used.
    /// </summary>
    public Func<X509Certificate2Collection?> Roots { get; init; } = static () => null;

    /// <summary>Of the workload's private key.</summary>
    public WorkloadKeyType KeyType { get; init; } = WorkloadKeyType.EcdsaP256;

    /// <summary>
    /// When the authority signs with another root, workloads renew at a random moment within this time: all of them within
    /// seconds, so that the old root can go, and not all at once.
    /// </summary>
    public TimeSpan RootChangeSpread { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>One request to the authority.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
