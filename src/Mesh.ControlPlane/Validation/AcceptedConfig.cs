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
    private readonly ImmutableArray<ParsedFile> _files;
    private readonly MeshSettings? _settings;
    private readonly CrossChecks? _checks;

    private AcceptedConfig(
        ImmutableDictionary<ObjectId, MeshObject> objects, ConfigSnapshot snapshot, ImmutableArray<ParsedFile> files, MeshSettings? settings, CrossChecks? checks)
    {
        _objects = objects;
        Snapshot = snapshot;
        _files = files;
        _settings = settings;
        _checks = checks;
    }

    public static AcceptedConfig Empty { get; } = new(ImmutableDictionary<ObjectId, MeshObject>.Empty, ConfigSnapshot.Empty, [], settings: null, checks: null);

    public ConfigSnapshot Snapshot { get; }

    /// <summary>All that the files hold is in use, and nothing else.</summary>
    public bool IsSound { get; private init; }

    /// <param name="files">In path order; those that did not change are the very same ones.</param>
    /// <param name="folderProblems">Of the source itself, to be shown with the rest.</param>
    /// <param name="settings">The cluster domain and the root namespace.</param>
    public AcceptedConfig Next(ImmutableArray<ParsedFile> files, ImmutableArray<ConfigProblem> folderProblems, MeshSettings settings) =>
        NextByChanges(files, folderProblems, settings) ?? NextAnew(files, folderProblems, settings);

    /// <summary>The same without regard to what did not change.</summary>
    public AcceptedConfig NextAnew(ImmutableArray<ParsedFile> files, ImmutableArray<ConfigProblem> folderProblems, MeshSettings settings)
    {
        var candidates = CandidateSet.Of(files, _objects);
        var references = ReferenceResolution.Resolve(candidates.Objects, _objects, settings);
        var objects = references.Objects.Values.Order<MeshObject>(ObjectOrder.Instance).ToImmutableArray();
        var checks = new CrossChecks(objects, settings);

        // A warning about an object that is not what the file says now would point at the wrong line.
        var warnings = checks.Problems.Where(p => p.Object is null || (!candidates.StandIns.Contains(p.Object) && !references.HeldBack.Contains(p.Object)));
        var problems = InOrder(folderProblems.Concat(candidates.Problems).Concat(references.Problems).Concat(warnings));
        return new AcceptedConfig(references.Objects, new ConfigSnapshot(objects, problems), files, settings, checks)
        {
            IsSound = candidates.IsSound && references.HeldBack.Count == 0,
        };
    }

    /// <summary>Null: something would have to stand in for something else, or too much has changed.</summary>
    private AcceptedConfig? NextByChanges(ImmutableArray<ParsedFile> files, ImmutableArray<ConfigProblem> folderProblems, MeshSettings settings)
    {
        if (!IsSound
            || !settings.Equals(_settings)
            || FileChanges.Between(_files, files) is not { } changes
            || CandidateSet.Of(files, _objects, changes) is not { } candidates
            || !ReferencesHold(changes, candidates.Objects))
        {
            return null;
        }

        var objects = changes.ApplyTo(Snapshot.Objects);
        var checks = new CrossChecks(objects, settings, _checks);
        var problems = InOrder(folderProblems.Concat(candidates.Problems).Concat(checks.Problems));
        return new AcceptedConfig(candidates.Objects, new ConfigSnapshot(objects, problems), files, settings, checks) { IsSound = true };
    }

    /// <summary>Where hosts and subsets are as they were, only routes that changed may lead elsewhere.</summary>
    private bool ReferencesHold(FileChanges changes, ImmutableDictionary<ObjectId, MeshObject> candidates) =>
        changes.Gone.Any(CrossChecks.DefinesHosts) || changes.Come.Any(CrossChecks.DefinesHosts)
            ? ReferenceResolution.Resolve(candidates, _objects, _settings!).HeldBack.Count == 0
            : changes.Come.OfType<VirtualService>().All(service => RouteReferences.Check(service, _checks!.Hosts).Count == 0);

    private static ImmutableArray<ConfigProblem> InOrder(IEnumerable<ConfigProblem> problems) => [.. problems.Distinct().Order(ProblemOrder.Instance)];
}
