using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>Delegates that a route names and cannot have: the route does nothing then.</summary>
internal static class DelegateChecks
{
    public static IEnumerable<ConfigProblem> Run(IReadOnlyList<VirtualService> services)
    {
        var delegates = services.Where(s => s.Hosts.Count == 0).ToDictionary(s => (s.Meta.Id.Namespace, s.Meta.Id.Name));
        foreach (var service in services.Where(s => s.Hosts.Count > 0))
        {
            foreach (var reference in service.Http.Select(r => r.Delegate).OfType<DelegateReference>())
            {
                var ns = reference.Namespace ?? service.Meta.Id.Namespace;
                var target = delegates.GetValueOrDefault((ns, reference.Name));
                if (target is null || !new Visibility(target.ExportTo, ns).Includes(service.Meta.Id.Namespace))
                {
                    var fault = target is null ? "there is no such VirtualService without hosts" : $"it is not exported to {service.Meta.Id.Namespace}";
                    yield return new ConfigProblem(
                        reference.Position,
                        ProblemSeverity.Warning,
                        ProblemCodes.UnknownDelegate,
                        service.Meta.Id,
                        $"the delegate {Quoted.Of($"{ns}/{reference.Name}")} cannot be used: {fault}, so this route does nothing");
                }
            }
        }
    }
}
