using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>Whether every destination of a VirtualService exists. A fault rejects it: such a route could only answer with errors.</summary>
internal static class RouteReferences
{
    private const int MaxFaults = 50;
    private const int MaxNames = 10;

    public static List<ReferenceFault> Check(VirtualService service, HostIndex hosts)
    {
        var faults = new List<ReferenceFault>();
        for (var i = 0; i < service.Http.Count; i++)
        {
            foreach (var (destination, path) in service.Http[i].AllDestinations(i))
            {
                if (faults.Count == MaxFaults)
                {
                    return faults;
                }

                if (Check(service, destination, path, hosts) is { } fault)
                {
                    faults.Add(fault);
                }
            }
        }

        return faults;
    }

    private static ReferenceFault? Check(VirtualService service, HttpDestination destination, string path, HostIndex hosts)
    {
        var host = hosts.Expand(destination.Host, service.Meta.Id.Namespace);
        if (hosts.PortsOf(host) is null)
        {
            return hosts.IsClusterLocal(host) ? new ReferenceFault(UnknownHost(service, destination, path, host, hosts), host, null) : null;
        }

        if (destination.Subset is null)
        {
            return null;
        }

        var rules = hosts.RulesFor(host).ToList();
        return rules.Exists(r => r.Subsets.Any(s => s.Name == destination.Subset))
            ? null
            : new ReferenceFault(UnknownSubset(service, destination, path, host, rules), host, destination.Subset);
    }

    private static ConfigProblem UnknownHost(VirtualService service, HttpDestination destination, string path, string host, HostIndex hosts)
    {
        var nearest = Suggestion.Nearest(host[..host.IndexOf('.', StringComparison.Ordinal)], hosts.Hosts
            .Where(h => hosts.IsClusterLocal(h) && h.EndsWith(host[host.IndexOf('.', StringComparison.Ordinal)..], StringComparison.Ordinal))
            .Select(h => h[..h.IndexOf('.', StringComparison.Ordinal)]));
        return new ConfigProblem(
            destination.HostPosition,
            ProblemSeverity.Error,
            ProblemCodes.UnknownHost,
            service.Meta.Id,
            $"{path}.host \"{destination.Host}\" is unknown: no Service or ServiceEntry defines {host}",
            nearest is null ? "add the Service, or correct the name" : $"did you mean {nearest}?");
    }

    private static ConfigProblem UnknownSubset(VirtualService service, HttpDestination destination, string path, string host, List<DestinationRule> rules)
    {
        var subset = Quoted.Of(destination.Subset!);
        var (text, hint) = rules.Count == 0
            ? ($"{subset} is not known: no DestinationRule for {host}", $"add a DestinationRule for {host} with this subset")
            : (DescribeRules(subset, rules), DescribeWayOut(rules));
        return new ConfigProblem(destination.SubsetPosition, ProblemSeverity.Error, ProblemCodes.UnknownSubset, service.Meta.Id, $"{path}.subset {text}", hint);
    }

    private static string DescribeRules(string subset, List<DestinationRule> rules)
    {
        var names = string.Join(" or ", rules.Take(MaxNames).Select(r => $"{r.Meta.Id} ({Has(r)})"));
        return $"{subset} is not a subset of {names}";
    }

    private static string Has(DestinationRule rule) => rule.Subsets.Count == 0 ? "has none" : $"has {List(", ", rule.Subsets.Select(s => s.Name))}";

    private static string List(string separator, IEnumerable<string> names)
    {
        var shown = names.Take(MaxNames + 1).ToList();
        return shown.Count > MaxNames ? $"{string.Join(separator, shown.Take(MaxNames))}{separator}..." : string.Join(separator, shown);
    }

    private static string DescribeWayOut(List<DestinationRule> rules)
    {
        var subsets = rules.SelectMany(r => r.Subsets).Select(s => s.Name).Distinct().ToList();
        return subsets.Count == 0 ? "add the subset to the DestinationRule" : $"add the subset to the DestinationRule, or route to {List(" or ", subsets)}";
    }
}
