using ProxylessMesh.Client.LoadReports;
using ProxylessMesh.Client.NameResolution;
using ProxylessMesh.Client.Runtime;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Dependencies;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.Clusters;

/// <summary>
/// The clusters of all services by name, shared and counted: two services that route to one cluster share its connections
/// and ejections.
/// </summary>
internal sealed class ClusterStore(
    Func<ClusterState, EndpointKey, HttpMessageHandler> handlers, TimeProvider time, IRandomSource random, INameResolver? resolver = null) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _clusters = new(StringComparer.Ordinal);

    /// <summary>Where this process is.</summary>
    public LocalityId Locality { get; init; }

    public LoadServices Loads { get; init; } = LoadServices.None;

    /// <summary>As <see cref="ClusterState.Resettled"/>, for all clusters.</summary>
    public Action<ClusterState>? Resettled { get; init; }

    /// <summary>Takes a reference and brings the cluster up to date.</summary>
    public ClusterState Acquire(ClusterSnapshot snapshot)
    {
        ClusterState state;
        lock (_lock)
        {
            if (!_clusters.TryGetValue(snapshot.Name, out var entry))
            {
                entry = new Entry(new ClusterState(snapshot.Name, handlers, time, random, resolver, Locality, Loads) { Resettled = Resettled });
                _clusters.Add(snapshot.Name, entry);
            }

            entry.References++;
            state = entry.State;
        }

        state.Apply(snapshot);
        return state;
    }

    public void Release(ClusterState state)
    {
        lock (_lock)
        {
            if (!_clusters.TryGetValue(state.Name, out var entry) || entry.State != state || --entry.References > 0)
            {
                return;
            }

            _clusters.Remove(state.Name);
        }

        state.Dispose();
    }

    public HeldResources Held()
    {
        lock (_lock)
        {
            var held = default(HeldResources);
            foreach (var entry in _clusters.Values)
            {
                var breaker = entry.State.Breaker;
                held = new(
                    held.Requests + breaker.Requests,
                    held.Pending + breaker.Pending,
                    held.Retries + breaker.Retries,
                    held.Endpoints + entry.State.Model.Known.Sum(e => e.Active));
            }

            return held;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var entry in _clusters.Values)
            {
                entry.State.Dispose();
            }

            _clusters.Clear();
        }
    }

    private sealed class Entry(ClusterState state)
    {
        public ClusterState State => state;

        public int References { get; set; }
    }
}
