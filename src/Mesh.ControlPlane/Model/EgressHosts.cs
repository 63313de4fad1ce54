namespace ProxylessMesh.ControlPlane.Model;

/// <summary>
/// Sidecar.egress[].hosts: <c>namespace/host</c> with <c>*</c> for any namespace and <c>.</c> for the client's own. <c>~ns/host</c>
/// takes hosts out again, <c>~/host</c> those of any namespace.
/// </summary>
internal sealed class EgressHosts
{
    private readonly List<(string Namespace, string Host)> _imported = [];
    private readonly List<(string Namespace, string Host)> _excluded = [];

    public EgressHosts(IEnumerable<string> hosts, string clientNamespace)
    {
        foreach (var entry in hosts)
        {
            var slash = entry.IndexOf('/', StringComparison.Ordinal);
            var (space, host) = (entry[..slash], HostName.Normalize(entry[(slash + 1)..]));
            var (list, named) = space[0] == '~' ? (_excluded, space[1..]) : (_imported, space);
            list.Add((named switch { "" => "*", "." => clientNamespace, _ => named }, host));
        }
    }

    public bool Include(MeshService service) => Any(_imported, service) && !Any(_excluded, service);

    private static bool Any(List<(string Namespace, string Host)> entries, MeshService service) =>
        entries.Exists(e => (e.Namespace == "*" || e.Namespace == service.Namespace) && Covers(e.Host, service.Host));

    private static bool Covers(string pattern, string host) =>
        pattern == "*" || pattern == host || (HostName.IsWildcard(pattern) && host.EndsWith(pattern[1..], StringComparison.Ordinal));
}
