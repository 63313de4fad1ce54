using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>Which hosts a set of objects defines, and the DestinationRules for them.</summary>
internal sealed class HostIndex
{
    private readonly string _serviceSuffix;
    private readonly Dictionary<string, IReadOnlyList<ServicePort>> _hosts = new(StringComparer.Ordinal);
    private readonly List<(string Suffix, IReadOnlyList<ServicePort> Ports)> _wildcards = [];
    private readonly Dictionary<string, List<DestinationRule>> _rules = new(StringComparer.Ordinal);

    public HostIndex(IEnumerable<MeshObject> objects, MeshSettings settings)
    {
        _serviceSuffix = $".svc.{settings.ClusterDomain}";
        foreach (var item in objects)
        {
            switch (item)
            {
                case Service service:
                    _hosts[Expand(service.Meta.Id.Name, service.Meta.Id.Namespace)] = service.Ports;
                    break;
                case ServiceEntry entry:
                    foreach (var host in entry.Hosts)
                    {
                        AddEntryHost(Expand(host, entry.Meta.Id.Namespace), entry.Ports);
                    }

                    break;
                case DestinationRule rule:
                    var rules = _rules.TryGetValue(Expand(rule.Host, rule.Meta.Id.Namespace), out var known)
                        ? known
                        : _rules[Expand(rule.Host, rule.Meta.Id.Namespace)] = [];
                    rules.Add(rule);
                    break;
            }
        }
    }

    public IEnumerable<string> Hosts => _hosts.Keys;

    /// <summary>A name without a dot belongs to the namespace of the object that says it; all others stay as they are (Istio, "Virtual Service": hosts).</summary>
    public string Expand(string host, string ns) =>
        host == "*" || host.Contains('.', StringComparison.Ordinal) ? host : $"{host}.{ns}{_serviceSuffix}";

    /// <summary>Whether only a Service can define the host.</summary>
    public bool IsClusterLocal(string host) => host.EndsWith(_serviceSuffix, StringComparison.Ordinal);

    /// <summary>The ports of a full host name; null when nothing defines the host.</summary>
    public IReadOnlyList<ServicePort>? PortsOf(string host)
    {
        if (_hosts.TryGetValue(host, out var ports))
        {
            return ports;
        }

        foreach (var (suffix, wildcardPorts) in _wildcards)
        {
            if (host.EndsWith(suffix, StringComparison.Ordinal))
            {
                return wildcardPorts;
            }
        }

        return null;
    }

    /// <summary>Rules for a full host name, also those with wildcards that take it in.</summary>
    public IEnumerable<DestinationRule> RulesFor(string host)
    {
        for (var pattern = host; pattern is not null; pattern = Wider(pattern))
        {
            foreach (var rule in _rules.GetValueOrDefault(pattern) ?? [])
            {
                yield return rule;
            }
        }
    }

    /// <summary><c>a.b.c</c>, <c>*.b.c</c>, <c>*.c</c>, <c>*</c>.</summary>
    private static string? Wider(string pattern)
    {
        if (pattern == "*")
        {
            return null;
        }

        var from = pattern.StartsWith("*.", StringComparison.Ordinal) ? 2 : 0;
        var dot = pattern.IndexOf('.', from);
        return dot < 0 ? "*" : $"*{pattern[dot..]}";
    }

    private void AddEntryHost(string host, IReadOnlyList<ServicePort> ports)
    {
        if (host.StartsWith('*'))
        {
            _wildcards.Add((host[1..], ports));
        }
        else
        {
            // A Service of the same host describes it better; it is decorated, not replaced (Istio, "Service Entry").
            _hosts.TryAdd(host, ports);
        }
    }
}
