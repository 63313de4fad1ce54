using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>Which policies of a kind apply to a workload: those of the root namespace and of its own, each with its selector.</summary>
internal sealed class PolicyIndex<T>
    where T : MeshObject
{
    private readonly string _root;
    private readonly Dictionary<string, List<T>> _wide;
    private readonly SelectorIndex<T> _selecting;

    public PolicyIndex(MeshSettings settings, IEnumerable<MeshObject> objects, Func<T, EquatableMap> selector)
    {
        _root = settings.RootNamespace;
        var policies = objects.OfType<T>().OldestFirst().ToList();
        _wide = policies
            .Where(p => selector(p).Count == 0)
            .GroupBy(p => p.Meta.Id.Namespace, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        _selecting = new SelectorIndex<T>(policies, p => p.Meta.Id.Namespace, selector);
    }

    /// <summary>Those of the root namespace come first.</summary>
    /// <param name="namespace">Of the workload.</param>
    /// <param name="labels">Of the workload.</param>
    public IReadOnlyList<T> Applying(string @namespace, EquatableMap labels)
    {
        var applying = new List<T>();
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
