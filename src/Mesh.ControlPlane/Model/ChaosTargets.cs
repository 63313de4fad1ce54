using System.Collections.Frozen;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>What experiments may hit: no service that opted out, and none of the root namespace, where the control plane lives.</summary>
internal sealed class ChaosTargets
{
    /// <summary>As label or annotation of a Service or ServiceEntry; the value is <c>disabled</c>.</summary>
    public const string OptOut = "proxylessmesh.io/chaos";

    private const string Disabled = "disabled";

    private readonly FrozenDictionary<string, ChaosTarget> _targets;
    private readonly MeshSettings _settings;

    public ChaosTargets(MeshSettings settings, IEnumerable<MeshObject> objects)
    {
        _settings = settings;
        _targets = objects.SelectMany(Of)
            .GroupBy(t => t.Host, StringComparer.Ordinal)

            // Several objects may describe one host: it is protected when one of them says so.
            .ToFrozenDictionary(g => g.Key, g => g.OrderBy(t => t.Protection is null).ThenBy(t => !t.IsService).First(), StringComparer.Ordinal);
    }

    /// <summary>By host.</summary>
    public IEnumerable<ChaosTarget> All => _targets.Values.OrderBy(t => t.Host, StringComparer.Ordinal);

    /// <summary>The full name of a host that an experiment names.</summary>
    public string Resolve(ChaosExperiment experiment, string host) => HostName.Resolve(host, experiment.Meta.Id.Namespace, _settings.ClusterDomain);

    /// <summary>Null: the experiment may hit the host.</summary>
    public string? WhyNot(ChaosExperiment experiment, string host)
    {
        var full = Resolve(experiment, host);
        var own = experiment.Meta.Id.Namespace;
        return !_targets.TryGetValue(full, out var target) ? $"no Service or ServiceEntry defines {full}"
            : target.Protection is { } protection ? protection
            : own != target.Namespace && own != _settings.RootNamespace ? $"{full} belongs to namespace {target.Namespace}, and an experiment hits its own namespace only"
            : null;
    }

    private IEnumerable<ChaosTarget> Of(MeshObject item)
    {
        var id = item.Meta.Id;
        IEnumerable<string> hosts = item switch
        {
            Service => [HostName.OfService(id.Name, id.Namespace, _settings.ClusterDomain)],
            ServiceEntry entry => entry.Hosts.Select(HostName.Normalize),
            _ => [],
        };
        var protection = id.Namespace == _settings.RootNamespace ? $"{id} belongs to the control plane's namespace"
            : item.Meta.Labels.Find(OptOut) == Disabled || item.Meta.Annotations.Find(OptOut) == Disabled ? $"{id} opted out ({OptOut}: {Disabled})"
            : null;
        return hosts.Select(host => new ChaosTarget(host, id.Namespace, item is Service, protection));
    }
}
