using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>Which AuthorizationPolicies apply to a workload: those of the root namespace and of its own, each with its selector.</summary>
internal sealed class AuthorizationPolicyIndex
{
    private readonly string _root;
    private readonly Dictionary<string, List<AuthorizationPolicy>> _wide;
    private readonly SelectorIndex<AuthorizationPolicy> _selecting;

    public AuthorizationPolicyIndex(MeshSettings settings, IEnumerable<MeshObject> objects)
    {
        _root = settings.RootNamespace;
        var policies = objects.OfType<AuthorizationPolicy>().OldestFirst().ToList();
        _wide = policies
            .Where(p => p.Selector.Count == 0)
            .GroupBy(p => p.Meta.Id.Namespace, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        _selecting = new SelectorIndex<AuthorizationPolicy>(policies, p => p.Meta.Id.Namespace, p => p.Selector);
    }

    /// <summary>Those of the root namespace come first.</summary>
    /// <param name="namespace">Of the workload.</param>
    /// <param name="labels">Of the workload.</param>
    public IReadOnlyList<AuthorizationPolicy> Applying(string @namespace, EquatableMap labels)
    {
        var applying = new List<AuthorizationPolicy>();
        Add(_root);
        if (@namespace != _root)
        {
            Add(@namespace);
        }

        return applying;

        void Add(string from)
        {
            applying.AddRange(_wide.GetValueOrDefault(from) ?? []);
            applying.AddRange(_selecting.Matching(from, labels));
        }
    }
}
