using System.Globalization;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>AuthorizationPolicies that speak of requests where connections of TCP have none, so that they mean less or more than they say.</summary>
internal static class TcpAuthorizationChecks
{
    public static IEnumerable<ConfigProblem> Run(IReadOnlyList<MeshObject> objects, MeshSettings settings)
    {
        var services = objects.OfType<Service>().Where(s => s.Selector.Count > 0).ToList();
        if (!services.Exists(s => s.Ports.Any(p => p.IsTcp)))
        {
            yield break;
        }

        var gateways = objects.OfType<Gateway>().ToList();
        foreach (var policy in objects.OfType<AuthorizationPolicy>())
        {
            var concerned = services.FindAll(s => Concerns(policy, s, settings));
            for (var i = 0; i < policy.Rules.Count; i++)
            {
                if (Meaning(policy, policy.Rules[i]) is { } meaning && FirstPort(policy, policy.Rules[i], concerned, gateways) is { } port)
                {
                    yield return new ConfigProblem(
                        policy.Meta.Position,
                        ProblemSeverity.Warning,
                        ProblemCodes.AuthorizationOfTcp,
                        policy.Meta.Id,
                        string.Create(CultureInfo.InvariantCulture, $"spec.rules[{i}] {meaning}: {port}"),
                        "select workloads of HTTP, or give the rule ports");
                }
            }
        }
    }

    private static bool Concerns(AuthorizationPolicy policy, Service service, MeshSettings settings) =>
        (policy.Meta.Id.Namespace == settings.RootNamespace || policy.Meta.Id.Namespace == service.Meta.Id.Namespace)
        && policy.Selector.IsSubsetOf(service.Selector);

    /// <summary>Null: it says the same of connections.</summary>
    private static string? Meaning(AuthorizationPolicy policy, AuthorizationRule rule)
    {
        if (policy.Action == AuthorizationAction.Custom)
        {
            return "asks a provider, which decides about requests alone, so that connections are refused";
        }

        var fields = string.Join(", ", RequestOnlyFields.Of(rule).Select(f => Quoted.Escape(f)));
        return (fields.Length, policy.Action) switch
        {
            (0, _) => null,
            (_, AuthorizationAction.Allow) => $"has {fields}, which connections do not have, so that it admits none",
            _ => $"has {fields}, which connections do not have, so that it matches them without it",
        };
    }

    /// <summary>A rule that admits is worth a word only where it is all for TCP: beside requests, it says what it should.</summary>
    private static string? FirstPort(AuthorizationPolicy policy, AuthorizationRule rule, List<Service> concerned, List<Gateway> gateways)
    {
        if (policy.Action == AuthorizationAction.Allow && concerned.Exists(s => s.Ports.Any(p => !p.IsTcp)))
        {
            return null;
        }

        return (
            from service in concerned
            from port in service.Ports
            where port.IsTcp && Reaches(rule, port) && !IsOfGateway(service, port, gateways)
            select string.Create(CultureInfo.InvariantCulture, $"port {port.Number} of {service.Meta.Id} is one of TCP")).FirstOrDefault();
    }

    /// <summary>A gateway ends the TLS of its servers: there are requests, whatever the Service calls its port.</summary>
    private static bool IsOfGateway(Service service, ServicePort port, List<Gateway> gateways) =>
        gateways.Exists(g => g.Selector.IsSubsetOf(service.Selector) && g.Servers.Any(s => s.Port == port.Number));

    /// <summary>Policies count the ports of workloads.</summary>
    private static bool Reaches(AuthorizationRule rule, ServicePort port)
    {
        if (rule.To.Count == 0 || port.TargetName is not null)
        {
            return true;
        }

        var number = (port.TargetNumber ?? port.Number).ToString(CultureInfo.InvariantCulture);
        return rule.To.Any(o => (o.Ports.Values.Count == 0 || o.Ports.Values.Contains(number)) && !o.Ports.NotValues.Contains(number));
    }
}
