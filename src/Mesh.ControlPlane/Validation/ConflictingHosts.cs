using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Resources.Readers;

namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>
/// VirtualServices that claim the same host for the same clients. Inside the mesh they are not merged: the oldest owns the
/// host, then the first by name, then by namespace (Istio, "Traffic Management Best Practices").
/// </summary>
internal static class ConflictingHosts
{
    public static IEnumerable<ConfigProblem> Run(IReadOnlyList<VirtualService> services, HostIndex hosts)
    {
        var claims = services
            .Where(s => s.Gateways.Contains(VirtualServiceReader.MeshGateway))
            .SelectMany(s => s.Hosts.Select(h => (Host: hosts.Expand(h, s.Meta.Id.Namespace), Service: s)))
            .GroupBy(c => c.Host, c => c.Service, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal);
        foreach (var claim in claims)
        {
            var byAge = claim
                .OrderBy(s => s.Meta.CreatedAt ?? DateTimeOffset.MinValue)
                .ThenBy(s => s.Meta.Id.Name, StringComparer.Ordinal)
                .ThenBy(s => s.Meta.Id.Namespace, StringComparer.Ordinal)
                .ToList();
            for (var i = 1; i < byAge.Count; i++)
            {
                if (byAge.Take(i).FirstOrDefault(s => HaveSameClients(s, byAge[i])) is { } winner)
                {
                    yield return new ConfigProblem(
                        byAge[i].Meta.Position,
                        ProblemSeverity.Warning,
                        ProblemCodes.ConflictingVirtualServices,
                        byAge[i].Meta.Id,
                        $"host {claim.Key} belongs to {winner.Meta.Id} ({winner.Meta.Position}) already: the routes here are not used for it",
                        "put all routes of a host into one VirtualService");
                }
            }
        }
    }

    /// <summary>Private, named and public claims are looked at one after the other, so only claims of one sort meet.</summary>
    private static bool HaveSameClients(VirtualService a, VirtualService b)
    {
        if (a.ExportTo.Contains("*") || b.ExportTo.Contains("*"))
        {
            return a.ExportTo.Contains("*") && b.ExportTo.Contains("*");
        }

        return Namespaces(a).Intersect(Namespaces(b), StringComparer.Ordinal).Any();
    }

    private static IEnumerable<string> Namespaces(VirtualService service) =>
        service.ExportTo.Select(e => e == "." ? service.Meta.Id.Namespace : e);
}
