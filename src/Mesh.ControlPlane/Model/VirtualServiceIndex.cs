using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>VirtualServices by host. They are never merged for clients in the mesh: the first that has a route for the client owns the host.</summary>
internal sealed class VirtualServiceIndex
{
    private const string MeshGateway = "mesh";

    private readonly HostIndex<Entry> _byHost;

    public VirtualServiceIndex(MeshSettings settings, IEnumerable<MeshObject> objects) =>
        _byHost = new HostIndex<Entry>(
            from virtualService in DelegateMerge.Resolve(objects.OfType<VirtualService>().OldestFirst())
            where AppliesInMesh(virtualService.Gateways)
            let entry = new Entry(virtualService, new Visibility(virtualService.ExportTo, virtualService.Meta.Id.Namespace))
            from host in virtualService.Hosts
                .Select(h => HostName.Resolve(h, virtualService.Meta.Id.Namespace, settings.ClusterDomain))
                .Distinct(StringComparer.Ordinal)
            select (host, entry));

    /// <summary>Whether clients in the mesh, not only gateways, are meant: no gateway named, or the reserved word <c>mesh</c> among them.</summary>
    public static bool AppliesInMesh(IReadOnlyList<string> gateways) => gateways.Count == 0 || gateways.Contains(MeshGateway);

    /// <summary>
    /// The VirtualServices of the most specific pattern that covers the host, as a client of this namespace sees them: private to
    /// its namespace, then exported to it by name, then public, each oldest first (Istio builds its list in these three passes).
    /// </summary>
    public IReadOnlyList<VirtualService> Find(string host, string clientNamespace)
    {
        foreach (var level in _byHost.Covering(host))
        {
            var visible = level
                .Where(e => e.Visibility.Includes(clientNamespace))
                .OrderBy(e => Pass(e, clientNamespace))
                .Select(e => e.VirtualService)
                .ToList();
            if (visible.Count > 0)
            {
                return visible;
            }
        }

        return [];
    }

    private static int Pass(Entry entry, string clientNamespace) =>
        entry.Visibility.IsPublic ? 2 : entry.VirtualService.Meta.Id.Namespace == clientNamespace ? 0 : 1;

    private sealed record Entry(VirtualService VirtualService, Visibility Visibility);
}
