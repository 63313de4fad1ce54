using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.ControlPlane.Chaos;

/// <summary>Rolls the dice, within the limits: the same dice and the same configuration give the same picks.</summary>
internal sealed class ChaosPicker(ChaosOptions options, MeshSettings settings, IRandomSource random)
{
    /// <summary>Nothing, and the reason, where no service may be hit now.</summary>
    public IReadOnlyList<ChaosPick> Pick(IReadOnlyCollection<MeshObject> objects, DateTimeOffset now, out string reason)
    {
        var targets = new ChaosTargets(settings, objects);
        var hit = objects.OfType<ChaosExperiment>().Where(e => e.Expires > now)
            .SelectMany(e => e.Hosts.Select(h => targets.Resolve(e, h)))
            .ToHashSet(StringComparer.Ordinal);
        var candidates = targets.All.Where(t => IsFair(t) && !hit.Contains(t.Host)).ToList();
        var picks = new List<ChaosPick>();
        reason = hit.Count >= options.MaxServices ? $"{string.Join(", ", hit.Order(StringComparer.Ordinal))} already in an experiment (--max-services {options.MaxServices})"
            : "no service that may be hit: see --namespace, --exclude-namespace and the label or annotation " + ChaosTargets.OptOut;
        while (candidates.Count > 0 && hit.Count + picks.Count < options.MaxServices)
        {
            var at = random.Next(candidates.Count);
            picks.Add(new ChaosPick(candidates[at], options.Faults[random.Next(options.Faults.Count)]));
            candidates.RemoveAt(at);
        }

        return picks;
    }

    /// <summary>Hosts outside the mesh are only hit when somebody writes an experiment for them.</summary>
    private bool IsFair(ChaosTarget target) =>
        target is { Protection: null, IsService: true }
        && (options.Namespaces.Count == 0 || options.Namespaces.Contains(target.Namespace, StringComparer.Ordinal))
        && !options.ExcludedNamespaces.Contains(target.Namespace, StringComparer.Ordinal);
}
