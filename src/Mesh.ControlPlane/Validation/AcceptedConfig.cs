using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Sources;
using ProxylessMesh.ControlPlane.Sources.Files;

namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>
/// The configuration in use. This is the one place where a last good object stands in for a bad one: <see cref="Next"/> is
/// a function of what was in use and what the files hold now, and leaves things as they are when called again with the same
/// files, so nothing can swing between two states.
/// </summary>
internal sealed class AcceptedConfig
{
    private readonly ImmutableDictionary<ObjectId, MeshObject> _objects;

    private AcceptedConfig(ImmutableDictionary<ObjectId, MeshObject> objects, ConfigSnapshot snapshot)
    {
        _objects = objects;
        Snapshot = snapshot;
    }

    public static AcceptedConfig Empty { get; } = new(ImmutableDictionary<ObjectId, MeshObject>.Empty, ConfigSnapshot.Empty);

    public ConfigSnapshot Snapshot { get; }

    /// <param name="files">In path order.</param>
    /// <param name="folderProblems">Of the source itself, to be shown with the rest.</param>
    /// <param name="settings">The cluster domain and the root namespace.</param>
    public AcceptedConfig Next(ImmutableArray<ParsedFile> files, ImmutableArray<ConfigProblem> folderProblems, MeshSettings settings)
    {
        var candidates = CandidateSet.Of(files, _objects);
        var references = ReferenceResolution.Resolve(candidates.Objects, _objects, settings);
        var objects = references.Objects.Values.OrderBy(o => o.Meta.Id, ObjectOrder.Instance).ToImmutableArray();

        // A warning about an object that is not what the file says now would point at the wrong line.
        var warnings = CrossChecks.Run(objects, settings)
            .Where(p => p.Object is null || (!candidates.StandIns.Contains(p.Object) && !references.HeldBack.Contains(p.Object)));
        var problems = folderProblems.Concat(candidates.Problems).Concat(references.Problems).Concat(warnings)
            .Distinct()
            .Order(ProblemOrder.Instance)
            .ToImmutableArray();
        return new AcceptedConfig(references.Objects, new ConfigSnapshot(objects, problems));
    }
}
