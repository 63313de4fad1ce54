using System.Collections.Immutable;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>Who sees an object (exportTo). Nothing said means everyone; <c>.</c> is the object's own namespace; <c>~</c> is nobody.</summary>
internal sealed class Visibility
{
    private static readonly ImmutableHashSet<string> s_everyone = ["*"];

    private readonly ImmutableHashSet<string> _namespaces;
    private readonly string _own;

    public Visibility(IEnumerable<string> exportTo, string ownNamespace)
    {
        _own = ownNamespace;
        var named = exportTo.Select(e => e == "." ? ownNamespace : e).ToImmutableHashSet(StringComparer.Ordinal);
        _namespaces = named.IsEmpty ? s_everyone : named;
    }

    public bool IsPublic => _namespaces.Contains("*");

    /// <summary>Only to its own namespace.</summary>
    public bool IsPrivate => _namespaces.Count == 1 && _namespaces.Contains(_own);

    public bool Includes(string @namespace) => IsPublic || _namespaces.Contains(@namespace);

    public bool SameAs(Visibility other) => _namespaces.SetEquals(other._namespaces);

    public bool Covers(Visibility other) => _namespaces.IsSupersetOf(other._namespaces);
}
