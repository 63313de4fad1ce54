using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Dependencies;

/// <summary>The watched resources of one type, by name, and which of them are still needed. Belongs to the client's event loop.</summary>
internal sealed class DependencySet<T>(XdsClient client, ResourceKind<T> kind, Action onChanged) : IDisposable
    where T : class
{
    private readonly Dictionary<string, Dependency<T>> _watched = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>Marks the resource as needed and subscribes if it is not watched yet.</summary>
    public Dependency<T> Use(string name)
    {
        _used.Add(name);
        if (!_watched.TryGetValue(name, out var dependency))
        {
            dependency = new Dependency<T>(client, kind, name, onChanged);
            _watched.Add(name, dependency);
        }

        return dependency;
    }

    /// <summary>Unsubscribes what has not been used since the last call.</summary>
    public void DropUnused()
    {
        foreach (var (name, dependency) in _watched)
        {
            if (!_used.Contains(name))
            {
                dependency.Dispose();
                _watched.Remove(name);
            }
        }

        _used.Clear();
    }

    public void Dispose()
    {
        _used.Clear();
        DropUnused();
    }
}
