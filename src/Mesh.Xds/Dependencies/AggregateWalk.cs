using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Dependencies;

/// <summary>
/// Follows an aggregate cluster down to the clusters that have endpoints, in the order of use (gRFCs A37, A74). One that is
/// met again is used where it came first; cycles and too much depth are errors of the whole aggregate.
/// </summary>
internal sealed class AggregateWalk(DependencySet<ClusterConfig> clusters)
{
    /// <summary>gRFC A37.</summary>
    private const int MaxDepth = 16;

    private readonly List<string> _leaves = [];
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);
    private readonly List<string> _path = [];

    /// <summary>Why there is no list.</summary>
    public string? Error { get; private set; }

    /// <summary>Whether all on the way has arrived.</summary>
    public bool IsComplete { get; private set; } = true;

    public IReadOnlyList<string> Leaves => _leaves;

    public void Follow(string name)
    {
        if (_path.Contains(name, StringComparer.Ordinal))
        {
            Fail($"the aggregate cluster \"{_path[0]}\" contains itself: {string.Join(" > ", _path)} > {name}");
        }
        else if (_path.Count >= MaxDepth)
        {
            Fail($"the aggregate cluster \"{_path[0]}\" is nested more than {MaxDepth} deep");
        }
        else if (_done.Add(name))
        {
            Enter(name);
        }
    }

    private void Enter(string name)
    {
        var cluster = clusters.Use(name);
        if (cluster.Value is { Discovery: ClusterDiscovery.Aggregate } aggregate)
        {
            _path.Add(name);
            foreach (var child in aggregate.Children)
            {
                Follow(child);
            }

            _path.RemoveAt(_path.Count - 1);
        }
        else
        {
            // One that does not exist is a leaf, too: it has nothing to give, and the next ones are used.
            IsComplete &= cluster.IsKnown;
            _leaves.Add(name);
        }
    }

    private void Fail(string error) => Error ??= error;
}
