using System.Globalization;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>Experiments that hit nothing, or nothing any more.</summary>
internal static class ChaosChecks
{
    public static IEnumerable<ConfigProblem> Run(IReadOnlyList<MeshObject> objects, MeshSettings settings)
    {
        var experiments = objects.OfType<ChaosExperiment>().ToList();
        if (experiments.Count == 0)
        {
            yield break;
        }

        var targets = new ChaosTargets(settings, objects);
        foreach (var experiment in experiments)
        {
            foreach (var host in experiment.Hosts)
            {
                if (targets.WhyNot(experiment, host) is { } reason)
                {
                    yield return new ConfigProblem(
                        experiment.Meta.Position,
                        ProblemSeverity.Warning,
                        ProblemCodes.IneffectiveChaos,
                        experiment.Meta.Id,
                        $"spec.hosts {Quoted.Of(host)} is not hit: {reason}");
                }
            }
        }
    }

    /// <summary>What only the clock can tell; not part of the configuration, which is the same at any time.</summary>
    public static IEnumerable<ConfigProblem> Ended(IEnumerable<MeshObject> objects, DateTimeOffset now) =>
        from experiment in objects.OfType<ChaosExperiment>()
        where experiment.Expires <= now
        select new ConfigProblem(
            experiment.Meta.Position,
            ProblemSeverity.Information,
            ProblemCodes.EndedChaos,
            experiment.Meta.Id,
            string.Create(CultureInfo.InvariantCulture, $"the experiment ended at {experiment.Expires:u} and has no effect"),
            "remove it");
}
