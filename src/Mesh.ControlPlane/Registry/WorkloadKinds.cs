namespace ProxylessMesh.ControlPlane.Registry;

/// <summary>
/// What the instances of one deployment have in common, once for all of them: each describes itself on its own stream, and its labels
/// alone would weigh more than all the rest. Not safe for concurrent use.
/// </summary>
internal sealed class WorkloadKinds
{
    private readonly SharedValues<WorkloadKind> _kinds = new();
    private readonly SharedValues<WorkloadPlace> _places = new();

    // Names of labels and ports, and whatever deployments of one namespace say alike.
    private readonly SharedValues<string> _texts = new();

    /// <summary>Whether nothing is held.</summary>
    public bool IsEmpty => _kinds.Count + _places.Count + _texts.Count == 0;

    /// <summary>Each, and how many are of it.</summary>
    public IEnumerable<(WorkloadKind Kind, int Workloads)> All => _kinds.All;

    /// <summary>The same workload, put together from what others have, too. <see cref="Release"/> it when it leaves.</summary>
    public RegisteredWorkload Share(RegisteredWorkload workload)
    {
        if (!_kinds.TryTake(workload.Kind, out var kind))
        {
            kind = workload.Kind.MapTexts(_texts.Take);
            _kinds.Add(kind);
        }

        return workload.Sharing(kind, _places.Take(workload.Place));
    }

    public void Release(RegisteredWorkload workload)
    {
        _places.Release(workload.Place);
        if (_kinds.Release(workload.Kind))
        {
            // All that were taken for it, as often as they were.
            workload.Kind.MapTexts(text =>
            {
                _texts.Release(text);
                return text;
            });
        }
    }
}
