using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>Gateways that are not there, hosts that they do not take, and Gateways that take each other's (Istio's analyzers 0101, 0132, 0145).</summary>
internal static class GatewayChecks
{
    private const int MaxProblems = 50;

    /// <param name="gateways">The oldest first.</param>
    /// <param name="services">All VirtualServices.</param>
    /// <param name="hosts">Expands short names.</param>
    public static IEnumerable<ConfigProblem> Run(IReadOnlyList<Gateway> gateways, IReadOnlyList<VirtualService> services, HostIndex hosts)
    {
        var byName = gateways.ToDictionary(g => $"{g.Meta.Id.Namespace}/{g.Meta.Id.Name}", StringComparer.Ordinal);
        return services.SelectMany(s => Bindings(s, byName, hosts).Take(MaxProblems)).Concat(Conflicts(gateways).Take(MaxProblems));
    }

    private static IEnumerable<ConfigProblem> Bindings(VirtualService service, Dictionary<string, Gateway> gateways, HostIndex hosts)
    {
        var ns = service.Meta.Id.Namespace;
        var named = service.Gateways.Concat(service.Http.SelectMany(r => r.Matches).SelectMany(m => m.Gateways));
        foreach (var name in named.Select(g => GatewayName.Resolve(g, ns)).Distinct(StringComparer.Ordinal).Where(g => g != GatewayName.Mesh))
        {
            if (!gateways.TryGetValue(name, out var gateway))
            {
                var nearest = Suggestion.Nearest(name, gateways.Keys);
                yield return Warn(
                    service.Meta, ProblemCodes.UnknownGateway, $"spec.gateways: there is no Gateway {Quoted.Escape(name)}, so no request comes from there", nearest is null ? null : $"did you mean {nearest}?");
                continue;
            }

            // With others for callers inside, one is enough.
            if (service.Hosts.Count > 0 && !service.Hosts.Any(h => Takes(gateway, hosts.Expand(h, ns), ns)))
            {
                yield return Warn(
                    service.Meta, ProblemCodes.HostNotInGateway, $"spec.hosts: no server of {gateway.Meta.Id} ({gateway.Meta.Position}) takes any of them, so no request comes from there", "add the host to those of a server");
            }
        }
    }

    private static bool Takes(Gateway gateway, string host, string ns) =>
        gateway.Servers.Any(s => s.Hosts.Any(h => (h.Namespace is null || h.Namespace == ns) && HostPatterns.Common(h.Host, host) is not null));

    /// <summary>Only one server can answer for a name, and it is the oldest Gateway's.</summary>
    private static IEnumerable<ConfigProblem> Conflicts(IReadOnlyList<Gateway> gateways)
    {
        var taken = new Dictionary<(int Port, string Host), List<Gateway>>();
        foreach (var gateway in gateways)
        {
            foreach (var server in gateway.Servers.Where(s => s.Tls is not null))
            {
                foreach (var host in server.Hosts.Select(h => h.Host).Distinct(StringComparer.Ordinal))
                {
                    var others = taken.TryGetValue((server.Port, host), out var known) ? known : taken[(server.Port, host)] = [];
                    if (others.Find(other => MayMeet(other, gateway)) is { } first)
                    {
                        yield return new ConfigProblem(
                            server.Position,
                            ProblemSeverity.Warning,
                            ProblemCodes.ConflictingGateways,
                            gateway.Meta.Id,
                            $"port {server.Port}, host {Quoted.Of(host)} belongs to {first.Meta.Id} ({first.Meta.Position}) already: this server is not used",
                            "give each host of HTTPS one server");
                    }

                    others.Add(gateway);
                }
            }
        }
    }

    /// <summary>Whether every process of one is also one of the other.</summary>
    private static bool MayMeet(Gateway a, Gateway b) => a.Selector.IsSubsetOf(b.Selector) || b.Selector.IsSubsetOf(a.Selector);

    private static ConfigProblem Warn(ObjectMeta meta, string code, string text, string? hint) =>
        new(meta.Position, ProblemSeverity.Warning, code, meta.Id, text, hint);
}
