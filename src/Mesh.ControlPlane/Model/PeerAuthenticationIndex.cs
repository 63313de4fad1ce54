using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>Which transport a workload accepts (istio.io, PeerAuthentication): mesh, namespace, workload, port, each overriding the one before unless UNSET.</summary>
internal sealed class PeerAuthenticationIndex
{
    private readonly MutualTlsMode _mesh;
    private readonly Dictionary<string, MutualTlsMode> _byNamespace;
    private readonly SelectorIndex<PeerAuthentication> _byWorkload;

    public PeerAuthenticationIndex(MeshSettings settings, IEnumerable<MeshObject> objects)
    {
        var policies = objects.OfType<PeerAuthentication>().OldestFirst().ToList();
        var root = settings.RootNamespace;
        _byNamespace = policies
            .Where(p => p.Selector.Count == 0)
            .GroupBy(p => p.Meta.Id.Namespace, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First().Mode, StringComparer.Ordinal);
        _mesh = Override(MutualTlsMode.Permissive, _byNamespace.GetValueOrDefault(root));

        // Istio ignores selectors in the root namespace: the policies there speak for the mesh.
        _byWorkload = new SelectorIndex<PeerAuthentication>(
            policies.Where(p => p.Meta.Id.Namespace != root), p => p.Meta.Id.Namespace, p => p.Selector);
    }

    /// <summary>Never <see cref="MutualTlsMode.Unset"/>.</summary>
    /// <param name="namespace">Of the workload.</param>
    /// <param name="labels">Of the workload.</param>
    /// <param name="port">Of the workload, not of a service.</param>
    public MutualTlsMode Effective(string @namespace, EquatableMap labels, int port)
    {
        var mode = Override(_mesh, _byNamespace.GetValueOrDefault(@namespace));
        if (_byWorkload.Matching(@namespace, labels).FirstOrDefault() is not { } workload)
        {
            return mode;
        }

        mode = Override(mode, workload.Mode);
        foreach (var (number, portMode) in workload.Ports)
        {
            mode = number == port ? Override(mode, portMode) : mode;
        }

        return mode;
    }

    private static MutualTlsMode Override(MutualTlsMode inherited, MutualTlsMode own) => own == MutualTlsMode.Unset ? inherited : own;
}
