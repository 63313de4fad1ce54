using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>DestinationRules by namespace and host.</summary>
internal sealed class DestinationRuleIndex
{
    private readonly Dictionary<string, HostIndex<MergedDestinationRule>> _byNamespace;
    private readonly string _rootNamespace;

    public DestinationRuleIndex(MeshSettings settings, IEnumerable<MeshObject> objects)
    {
        _rootNamespace = settings.RootNamespace;
        _byNamespace = objects.OfType<DestinationRule>()
            .OldestFirst()
            .GroupBy(r => r.Meta.Id.Namespace, StringComparer.Ordinal)
            .ToDictionary(
                g => g.Key,
                g => new HostIndex<MergedDestinationRule>(
                    g.GroupBy(r => HostName.Resolve(r.Host, g.Key, settings.ClusterDomain), StringComparer.Ordinal)
                        .SelectMany(host => MergedDestinationRule.Merge(host).Select(rule => (host.Key, rule)))),
                StringComparer.Ordinal);
    }

    /// <summary>
    /// The rule that a client of this namespace uses for a service: of its own namespace, else of the service's, else of the root
    /// namespace; in each the most specific host. A client in the root namespace takes only private rules in the first step,
    /// because the others there are the defaults of the whole mesh.
    /// </summary>
    public MergedDestinationRule? Find(MeshService service, string clientNamespace) =>
        Find(clientNamespace, service.Host, rule => clientNamespace != _rootNamespace || rule.Visibility.IsPrivate, clientNamespace)
        ?? Find(service.Namespace, service.Host, _ => true, clientNamespace)
        ?? Find(_rootNamespace, service.Host, _ => true, clientNamespace);

    private MergedDestinationRule? Find(string @namespace, string host, Func<MergedDestinationRule, bool> eligible, string clientNamespace) =>
        _byNamespace.TryGetValue(@namespace, out var rules)
            ? rules.Covering(host)
                .SelectMany(level => level)
                .FirstOrDefault(rule => rule.Visibility.Includes(clientNamespace) && eligible(rule))
            : null;
}
