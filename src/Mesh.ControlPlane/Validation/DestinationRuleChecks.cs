using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>Rules for hosts that nothing defines.</summary>
internal static class DestinationRuleChecks
{
    public static IEnumerable<ConfigProblem> Run(IEnumerable<DestinationRule> rules, HostIndex hosts)
    {
        foreach (var rule in rules)
        {
            var host = hosts.Expand(rule.Host, rule.Meta.Id.Namespace);
            if (!host.StartsWith('*') && hosts.PortsOf(host) is null)
            {
                yield return new ConfigProblem(
                    rule.HostPosition,
                    ProblemSeverity.Warning,
                    ProblemCodes.DestinationRuleHostUnknown,
                    rule.Meta.Id,
                    $"spec.host {Quoted.Of(rule.Host)}: no Service or ServiceEntry defines {host}, so the rule has no effect",
                    HostHints.ForUnknown(host, hosts));
            }
        }
    }
}
