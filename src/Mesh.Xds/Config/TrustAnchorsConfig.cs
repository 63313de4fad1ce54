namespace ProxylessMesh.Xds.Config;

/// <summary>Whom a workload trusts, as the control plane says (SDS, Istio's secret <c>ROOTCA</c>).</summary>
/// <param name="Roots">PEM, the root of the authority that signs now first.</param>
/// <param name="RevocationLists">PEM; empty = none.</param>
internal sealed record TrustAnchorsConfig(string Roots, string RevocationLists)
{
    /// <summary>PEM by trust domain, where several are trusted; each root speaks for its own domain only. Empty = only that of <see cref="Roots"/>.</summary>
    public EquatableMap Domains { get; init; } = EquatableMap.Empty;
}
