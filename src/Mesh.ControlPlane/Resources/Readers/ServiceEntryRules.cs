using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>What the parts of a ServiceEntry ask of each other (the admission rules of Istio's schema).</summary>
internal static class ServiceEntryRules
{
    private const int MaxHosts = 256;

    public static void Check(ServiceEntry entry, YamlObject spec)
    {
        var problems = spec.Problems;
        if (entry.Hosts.Count > MaxHosts)
        {
            problems.Error(spec.PositionOf("hosts"), ProblemCodes.InvalidValue, $"spec.hosts has {entry.Hosts.Count} entries: at most {MaxHosts}");
        }

        if (entry.Hosts.Contains("*"))
        {
            problems.Error(spec.PositionOf("hosts"), ProblemCodes.InvalidValue, "spec.hosts \"*\" would claim every host");
        }

        if (spec.Has("workloadSelector") && spec.Has("endpoints"))
        {
            problems.Error(spec.PositionOf("workloadSelector"), ProblemCodes.Conflict, "spec takes endpoints or workloadSelector, not both");
        }

        CheckResolution(entry, spec);
        CheckPortNames(entry, problems);
    }

    private static void CheckResolution(ServiceEntry entry, YamlObject spec)
    {
        var problems = spec.Problems;
        switch (entry.Resolution)
        {
            case ServiceEntryResolution.None when spec.Has("endpoints"):
                problems.Error(spec.PositionOf("endpoints"), ProblemCodes.Conflict, "spec.endpoints needs a resolution", "set resolution: STATIC for IP addresses, DNS for names");
                break;
            case ServiceEntryResolution.Static when !spec.Has("endpoints") && !spec.Has("workloadSelector"):
                problems.Error(spec.PositionOf("resolution"), ProblemCodes.Missing, "spec.resolution STATIC needs endpoints or a workloadSelector");
                break;
            case ServiceEntryResolution.Static:
                foreach (var endpoint in entry.Endpoints.Where(e => !WorkloadEndpointReader.IsIpAddress(e.Address)))
                {
                    problems.Error(endpoint.Position, ProblemCodes.InvalidValue, $"spec.endpoints: {Quoted.Of(endpoint.Address)} is not an IP address, as resolution STATIC needs", "set resolution: DNS to have names looked up");
                }

                break;
            case ServiceEntryResolution.DnsRoundRobin when entry.Endpoints.Count > 1 || spec.Has("workloadSelector"):
                problems.Error(spec.PositionOf("resolution"), ProblemCodes.Conflict, "spec.resolution DNS_ROUND_ROBIN takes one endpoint at most", "set resolution: DNS for several");
                break;
            case ServiceEntryResolution.Dns or ServiceEntryResolution.DnsRoundRobin when entry.Endpoints.Count == 0 && !spec.Has("workloadSelector") && entry.Hosts.Any(h => h.StartsWith('*')):
                problems.Error(spec.PositionOf("hosts"), ProblemCodes.InvalidValue, "spec.hosts with a wildcard can't be looked up by DNS", "name the hosts, or give endpoints");
                break;
        }
    }

    private static void CheckPortNames(ServiceEntry entry, ProblemList problems)
    {
        foreach (var endpoint in entry.Endpoints)
        {
            foreach (var (name, _) in endpoint.Ports)
            {
                if (!entry.Ports.Any(p => p.Name == name))
                {
                    problems.Error(endpoint.Position, ProblemCodes.InvalidValue, $"spec.endpoints: {Quoted.Of(name)} is not the name of a port in spec.ports");
                }
            }
        }
    }
}
