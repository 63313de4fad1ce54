using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>Rate limit services that nobody knows.</summary>
internal static class RateLimitChecks
{
    public static IEnumerable<ConfigProblem> Run(IEnumerable<RateLimitPolicy> policies, HostIndex hosts)
    {
        foreach (var policy in policies)
        {
            if (policy.Global is not { } global)
            {
                continue;
            }

            var host = hosts.Expand(global.Service, policy.Meta.Id.Namespace);
            var ports = hosts.PortsOf(host);
            if (ports is null ? hosts.IsClusterLocal(host) : ports.All(p => p.Number != global.Port))
            {
                yield return new ConfigProblem(
                    policy.Meta.Position,
                    ProblemSeverity.Warning,
                    ProblemCodes.RateLimitServiceUnknown,
                    policy.Meta.Id,
                    $"spec.global.service {Quoted.Of(host)} with port {global.Port} is defined by no Service: {(global.FailsClosed ? "every request that it is asked about is refused" : "nothing is limited")}",
                    "add the Service, or correct name and port");
            }
        }
    }
}
