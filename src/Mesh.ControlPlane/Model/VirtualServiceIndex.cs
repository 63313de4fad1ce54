using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>VirtualServices by host. They are never merged for clients in the mesh: the first that has a route for the client owns the host.</summary>
internal sealed class VirtualServiceIndex
{
    private readonly HostIndex<Entry> _byHost;
    private readonly ILookup<string, Entry> _byGateway;

    public VirtualServiceIndex(MeshSettings settings, IEnumerable<MeshObject> objects)
    {
        var entries = DelegateMerge.Resolve(objects.OfType<VirtualService>().OldestFirst())
            .Select(s => new Entry(s, new Visibility(s.ExportTo, s.Meta.Id.Namespace)))
            .ToList();
        _byHost = new HostIndex<Entry>(
            from entry in entries
            let virtualService = entry.VirtualService
            where AppliesInMesh(virtualService.Gateways)
            from host in virtualService.Hosts
                .Select(h => HostName.Resolve(h, virtualService.Meta.Id.Namespace, settings.ClusterDomain))
                .Distinct(StringComparer.Ordinal)
            select (host, entry));
        _byGateway = (from entry in entries
                      let ns = entry.VirtualService.Meta.Id.Namespace
                      from gateway in entry.VirtualService.Gateways.Select(g => GatewayName.Resolve(g, ns)).Distinct(StringComparer.Ordinal)
                      where gateway != GatewayName.Mesh
                      select (gateway, entry)).ToLookup(e => e.gateway, e => e.entry, StringComparer.Ordinal);
    }

    /// <summary>Whether clients in the mesh, not only gateways, are meant: no gateway named, or the reserved word <c>mesh</c> among them.</summary>
    public static bool AppliesInMesh(IReadOnlyList<string> gateways) => gateways.Count == 0 || gateways.Contains(GatewayName.Mesh);

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

    /// <summary>
    /// The VirtualServices that are bound to a Gateway, as a gateway of this namespace sees them, in the same order. There the routes of
    /// all of them count.
    /// </summary>
    /// <param name="gateway">namespace/name.</param>
    /// <param name="clientNamespace">Of the gateway's process.</param>
    public IEnumerable<VirtualService> BoundTo(string gateway, string clientNamespace) =>
        _byGateway[gateway]
            .Where(e => e.Visibility.Includes(clientNamespace))
            .OrderBy(e => Pass(e, clientNamespace))
            .Select(e => e.VirtualService);

    private static int Pass(Entry entry, string clientNamespace) =>
        entry.Visibility.IsPublic ? 2 : entry.VirtualService.Meta.Id.Namespace == clientNamespace ? 0 : 1;

    private sealed record Entry(VirtualService VirtualService, Visibility Visibility);
}
