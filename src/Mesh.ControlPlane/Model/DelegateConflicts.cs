using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>Whether a delegate's match asks for what its root's match rules out, or may rule out (Istio, VirtualService: Delegate).</summary>
internal static class DelegateConflicts
{
    public static bool Between(HttpMatch root, HttpMatch leaf) =>
        Between(root.Uri, leaf.Uri)
        || Between(root.Scheme, leaf.Scheme)
        || Between(root.Method, leaf.Method)
        || Between(root.Authority, leaf.Authority)
        || Between(root.Headers, leaf.Headers)
        || Between(root.WithoutHeaders, leaf.WithoutHeaders)
        || Between(root.QueryParams, leaf.QueryParams)
        || root.IgnoreUriCase != leaf.IgnoreUriCase
        || (root.Port is { } port && leaf.Port is { } other && port != other)
        || (root.SourceNamespace is { } ns && leaf.SourceNamespace is { } otherNs && ns != otherNs)
        || leaf.SourceLabels.Entries.Any(l => root.SourceLabels.Find(l.Key) is { } value && value != l.Value);

    /// <summary>What a regular expression takes is not compared with anything; a prefix must lie within the root's.</summary>
    private static bool Between(StringPredicate? root, StringPredicate? leaf)
    {
        if (root is null || leaf is null)
        {
            return false;
        }

        return (root.Kind, leaf.Kind) switch
        {
            (StringPredicateKind.Exact, StringPredicateKind.Exact) => root.Value != leaf.Value,
            (StringPredicateKind.Prefix, StringPredicateKind.Exact or StringPredicateKind.Prefix) =>
                !leaf.Value.StartsWith(root.Value, StringComparison.Ordinal),
            _ => true,
        };
    }

    private static bool Between(IReadOnlyList<NamedPredicate> root, IReadOnlyList<NamedPredicate> leaf) =>
        leaf.Any(l => root.Any(r => r.Name == l.Name && Between(r.Value, l.Value)));
}
