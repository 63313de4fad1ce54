using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>Which experiment hits a host. Those whose time has not come or is over are left out before a model is made.</summary>
internal sealed class ChaosIndex
{
    private readonly Dictionary<string, HttpFault> _faults = new(StringComparer.Ordinal);

    public ChaosIndex(MeshSettings settings, IReadOnlyCollection<MeshObject> objects)
    {
        var experiments = objects.OfType<ChaosExperiment>().OldestFirst().ToList();
        if (experiments.Count == 0)
        {
            return;
        }

        var targets = new ChaosTargets(settings, objects);
        foreach (var experiment in experiments)
        {
            foreach (var host in experiment.Hosts.Where(h => targets.WhyNot(experiment, h) is null))
            {
                _faults.TryAdd(targets.Resolve(experiment, host), experiment.Fault);
            }
        }
    }

    public HttpFault? FaultOf(string host) => _faults.GetValueOrDefault(host);
}
