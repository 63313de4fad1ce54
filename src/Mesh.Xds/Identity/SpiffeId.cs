using System.Diagnostics.CodeAnalysis;

namespace ProxylessMesh.Xds.Identity;

/// <summary>
/// Who a workload is: <c>spiffe://cluster.local/ns/default/sa/bookinfo-reviews</c> (SPIFFE ID specification, section 2).
/// </summary>
public sealed class SpiffeId : IEquatable<SpiffeId>
{
    private SpiffeId()
    {
    }

    /// <summary>The trust domain, in lower case: <c>cluster.local</c>.</summary>
    public string TrustDomain => throw new NotImplementedException();

    /// <summary>The path with its leading slash: <c>/ns/default/sa/bookinfo-reviews</c>; empty for the trust domain itself.</summary>
    public string Path => throw new NotImplementedException();

    /// <summary>The Kubernetes namespace of a path of Istio's form, or null.</summary>
    public string? Namespace => throw new NotImplementedException();

    /// <summary>The service account of a path of Istio's form, or null.</summary>
    public string? ServiceAccount => throw new NotImplementedException();

    /// <summary>Istio's form: <c>spiffe://TRUST-DOMAIN/ns/NAMESPACE/sa/SERVICE-ACCOUNT</c>.</summary>
    /// <exception cref="FormatException">A part holds a character that SPIFFE forbids.</exception>
    public static SpiffeId ForServiceAccount(string trustDomain, string @namespace, string serviceAccount) => throw new NotImplementedException();

    /// <summary>Reads an id.</summary>
    /// <exception cref="FormatException">It is not a SPIFFE id.</exception>
    public static SpiffeId Parse(string text) => throw new NotImplementedException();

    /// <summary>Reads an id; false when it is not one.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SpiffeId? id) => throw new NotImplementedException();

    /// <inheritdoc/>
    public bool Equals(SpiffeId? other) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SpiffeId);

    /// <inheritdoc/>
    public override int GetHashCode() => throw new NotImplementedException();

    /// <summary>The URI.</summary>
    public override string ToString() => throw new NotImplementedException();
}
