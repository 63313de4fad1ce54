using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>Whose tokens a workload accepts: all policies that select it count together (Istio, "RequestAuthentication").</summary>
internal sealed class RequestAuthenticationIndex
{
    private const string Everywhere = "";

    private readonly string _root;
    private readonly Dictionary<string, List<RequestAuthentication>> _wide;
    private readonly SelectorIndex<RequestAuthentication> _selecting;

    public RequestAuthenticationIndex(MeshSettings settings, IEnumerable<MeshObject> objects)
    {
        _root = settings.RootNamespace;
        var policies = objects.OfType<RequestAuthentication>().OldestFirst().ToList();
        _wide = policies
            .Where(p => p.Selector.Count == 0)
            .GroupBy(p => p.Meta.Id.Namespace, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);

        // Selectors of the root namespace select workloads of any namespace.
        _selecting = new SelectorIndex<RequestAuthentication>(
            policies, p => p.Meta.Id.Namespace == _root ? Everywhere : p.Meta.Id.Namespace, p => p.Selector);
    }

    /// <summary>The rules of all policies, by issuer: that order is the same whatever order the policies have.</summary>
    public IReadOnlyList<JwtRule> RulesFor(string @namespace, EquatableMap labels)
    {
        IEnumerable<RequestAuthentication> policies = [.. Wide(_root), .. _selecting.Matching(Everywhere, labels)];
        if (@namespace != _root)
        {
            policies = policies.Concat(Wide(@namespace)).Concat(_selecting.Matching(@namespace, labels));
        }

        return [.. policies.SelectMany(p => p.Rules).Distinct().OrderBy(r => r.Issuer, StringComparer.Ordinal)];
    }

    private List<RequestAuthentication> Wide(string @namespace) => _wide.GetValueOrDefault(@namespace) ?? [];
}
