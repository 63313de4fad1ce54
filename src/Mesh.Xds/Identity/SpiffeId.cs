using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace ProxylessMesh.Xds.Identity;

/// <summary>
/// Who a workload is: <c>spiffe://cluster.local/ns/default/sa/bookinfo-reviews</c> (SPIFFE ID specification, section 2).
/// </summary>
public sealed class SpiffeId : IEquatable<SpiffeId>
{
    // SPIFFE ID, sections 2.1 and 2.3: 255 bytes of trust domain, 2048 bytes in all.
    private const int MaxTrustDomainLength = 255;
    private const int MaxLength = 2048;
    private const string Scheme = "spiffe://";

    private static readonly SearchValues<char> s_trustDomainCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-_");

    private static readonly SearchValues<char> s_segmentCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

    private readonly string _text;

    private SpiffeId(string text, int trustDomainLength)
    {
        _text = text;
        TrustDomain = text.Substring(Scheme.Length, trustDomainLength);
        Path = text[(Scheme.Length + trustDomainLength)..];
        if (Path.Split('/') is ["", "ns", var workloadNamespace, "sa", var serviceAccount])
        {
            Namespace = workloadNamespace;
            ServiceAccount = serviceAccount;
        }
    }

    /// <summary>The trust domain, in lower case: <c>cluster.local</c>.</summary>
    public string TrustDomain { get; }

    /// <summary>The path with its leading slash: <c>/ns/default/sa/bookinfo-reviews</c>; empty for the trust domain itself.</summary>
    public string Path { get; }

    /// <summary>The Kubernetes namespace of a path of Istio's form, or null.</summary>
    public string? Namespace { get; }

    /// <summary>The service account of a path of Istio's form, or null.</summary>
    public string? ServiceAccount { get; }

    /// <summary>Istio's form: <c>spiffe://TRUST-DOMAIN/ns/NAMESPACE/sa/SERVICE-ACCOUNT</c>.</summary>
    /// <exception cref="FormatException">A part holds a character that SPIFFE forbids.</exception>
    public static SpiffeId ForServiceAccount(string trustDomain, string @namespace, string serviceAccount)
    {
        ArgumentNullException.ThrowIfNull(trustDomain);
        ArgumentNullException.ThrowIfNull(@namespace);
        ArgumentNullException.ThrowIfNull(serviceAccount);
        var id = Parse($"{Scheme}{trustDomain}/ns/{@namespace}/sa/{serviceAccount}");

        // A slash inside a part would be read as another path, and so as another identity.
        return id.Namespace == @namespace && id.ServiceAccount == serviceAccount && id.TrustDomain == trustDomain
            ? id
            : throw new FormatException("A trust domain, a namespace and a service account hold no slash.");
    }

    /// <summary>Reads an id.</summary>
    /// <exception cref="FormatException">It is not a SPIFFE id; the message says which rule it breaks.</exception>
    public static SpiffeId Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var error = Read(text, out var trustDomainLength);
        return error is null ? new SpiffeId(text, trustDomainLength) : throw new FormatException($"Not a SPIFFE id: {error}.");
    }

    /// <summary>Reads an id; false when it is not one.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SpiffeId? id)
    {
        id = text is not null && Read(text, out var trustDomainLength) is null ? new SpiffeId(text, trustDomainLength) : null;
        return id is not null;
    }

    /// <summary>Whether <paramref name="text"/> may be a trust domain: lower case letters, digits, dots, dashes and underscores.</summary>
    public static bool IsTrustDomain(string? text) =>
        text is { Length: > 0 and <= MaxTrustDomainLength } && !text.AsSpan().ContainsAnyExcept(s_trustDomainCharacters);

    /// <inheritdoc/>
    public bool Equals(SpiffeId? other) => other is not null && string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SpiffeId);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The URI.</summary>
    public override string ToString() => _text;

    // The allowed characters leave no room for user information, a port, a query, a fragment or percent-encoding.
    private static string? Read(string text, out int trustDomainLength)
    {
        trustDomainLength = 0;
        if (text.Length > MaxLength)
        {
            return $"longer than {MaxLength} bytes";
        }

        if (!text.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return "the scheme is not spiffe://";
        }

        var rest = text.AsSpan(Scheme.Length);
        var slash = rest.IndexOf('/');
        trustDomainLength = slash < 0 ? rest.Length : slash;
        return TrustDomainError(rest[..trustDomainLength]) ?? (slash < 0 ? null : PathError(rest[(slash + 1)..]));
    }

    private static string? TrustDomainError(ReadOnlySpan<char> trustDomain) =>
        trustDomain.IsEmpty ? "the trust domain is empty"
        : trustDomain.Length > MaxTrustDomainLength ? $"the trust domain is longer than {MaxTrustDomainLength} bytes"
        : trustDomain.ContainsAnyExcept(s_trustDomainCharacters)
            ? "a trust domain holds only lower case letters, digits, dots, dashes and underscores"
        : null;

    private static string? PathError(ReadOnlySpan<char> path)
    {
        foreach (var range in path.Split('/'))
        {
            var segment = path[range];
            if (segment.IsEmpty)
            {
                return "a path segment is empty";
            }

            if (segment is "." or "..")
            {
                return "a path segment is a dot";
            }

            if (segment.ContainsAnyExcept(s_segmentCharacters))
            {
                return "a path segment holds only letters, digits, dots, dashes and underscores";
            }
        }

        return null;
    }
}
