using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>Doubts about one VirtualService.</summary>
internal static class VirtualServiceChecks
{
    private const int MaxProblems = 50;
    private const int MaxPorts = 10;

    public static IEnumerable<ConfigProblem> Run(VirtualService service, HostIndex hosts) =>
        Unreachable(service).Take(MaxProblems).Concat(Destinations(service, hosts).Take(MaxProblems));

    private static IEnumerable<ConfigProblem> Unreachable(VirtualService service)
    {
        var catchAll = -1;
        for (var i = 0; i < service.Http.Count; i++)
        {
            if (catchAll >= 0)
            {
                yield return Warn(
                    service,
                    service.Http[i].Position,
                    ProblemCodes.UnreachableRoute,
                    $"spec.http[{i}] is never reached: spec.http[{catchAll}] (line {service.Http[catchAll].Position.Line}) takes every request",
                    "put the more specific route first");
            }
            else if (service.Http[i].Delegate is null && (service.Http[i].Matches.Count == 0 || service.Http[i].Matches.Any(TakesAll)))
            {
                catchAll = i;
            }
        }
    }

    private static bool TakesAll(HttpMatch match) =>
        match is { Uri: null or { Kind: StringPredicateKind.Prefix, Value: "/" }, Scheme: null, Method: null, Authority: null, Port: null, SourceNamespace: null }
        && match.Headers.Count == 0 && match.WithoutHeaders.Count == 0 && match.QueryParams.Count == 0
        && match.SourceLabels.Count == 0 && match.Gateways.Count == 0;

    private static IEnumerable<ConfigProblem> Destinations(VirtualService service, HostIndex hosts)
    {
        for (var i = 0; i < service.Http.Count; i++)
        {
            foreach (var (destination, path) in service.Http[i].AllDestinations(i))
            {
                if (Doubt(service, destination, path, hosts) is { } doubt)
                {
                    yield return doubt;
                }
            }
        }
    }

    private static ConfigProblem? Doubt(VirtualService service, HttpDestination destination, string path, HostIndex hosts)
    {
        var host = hosts.Expand(destination.Host, service.Meta.Id.Namespace);
        if (hosts.PortsOf(host) is not { } ports)
        {
            return hosts.IsClusterLocal(host)
                ? null
                : Warn(service, destination.HostPosition, ProblemCodes.ExternalHostUnknown, $"{path}.host {Quoted.Of(host)}: no Service or ServiceEntry defines this host, so requests will fail", HostHints.ForUnknown(host, hosts));
        }

        if (destination.Port is { } port && ports.Count > 0 && !ports.Any(p => p.Number == port))
        {
            return Warn(
                service,
                destination.Position,
                ProblemCodes.UnknownPort,
                $"{path}.port.number {port} is not a port of {host} (has {string.Join(", ", ports.Take(MaxPorts).Select(p => p.Number))}), so requests will fail");
        }

        return null;
    }

    private static ConfigProblem Warn(VirtualService service, SourcePosition at, string code, string text, string? hint = null) =>
        new(at, ProblemSeverity.Warning, code, service.Meta.Id, text, hint);
}
