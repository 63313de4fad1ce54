using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>Which Sidecar speaks for a client: one that selects it, else its namespace's, else the root namespace's; the oldest of each (istio.io, Sidecar).</summary>
internal sealed class SidecarIndex
{
    private readonly MeshSettings _settings;
    private readonly Dictionary<string, Sidecar> _byNamespace;
    private readonly SelectorIndex<Sidecar> _byWorkload;
    private readonly HashSet<string> _selecting;

    public SidecarIndex(MeshSettings settings, IEnumerable<MeshObject> objects)
    {
        _settings = settings;
        var sidecars = objects.OfType<Sidecar>().OldestFirst().ToList();
        _byNamespace = sidecars
            .Where(s => s.Selector.Count == 0)
            .GroupBy(s => s.Meta.Id.Namespace, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        _selecting = sidecars.Where(s => s.Selector.Count > 0).Select(s => s.Meta.Id.Namespace).ToHashSet(StringComparer.Ordinal);
        _byWorkload = new SelectorIndex<Sidecar>(sidecars, s => s.Meta.Id.Namespace, s => s.Selector);
    }

    /// <summary>Whether labels make a difference in this namespace.</summary>
    public bool SelectIn(string @namespace) => _selecting.Contains(@namespace);

    public ClientScope ScopeOf(string @namespace, EquatableMap labels)
    {
        var sidecar = _byWorkload.Matching(@namespace, labels).FirstOrDefault()
            ?? _byNamespace.GetValueOrDefault(@namespace)
            ?? _byNamespace.GetValueOrDefault(_settings.RootNamespace);
        return new ClientScope(
            sidecar?.OutboundMode ?? _settings.OutboundTraffic,
            sidecar?.OutboundMode is null ? "the mesh's setting" : $"Sidecar {sidecar.Meta.Id.Namespace}/{sidecar.Meta.Id.Name}",
            sidecar is { EgressHosts.Count: > 0 } ? new EgressHosts(sidecar.EgressHosts, @namespace) : null);
    }
}
