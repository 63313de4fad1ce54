using System.Collections.Frozen;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Dependencies;

/// <summary>Puts routes together with the clusters and endpoints that they name. Belongs to the client's event loop.</summary>
internal sealed class SnapshotBuilder(DependencySet<ClusterConfig> clusters, DependencySet<EndpointsConfig> endpoints) : IDisposable
{
    /// <summary>
    /// The snapshot, or null while something that it names has not arrived. Equal parts are taken from
    /// <paramref name="current"/> by reference, and all of it is returned when nothing differs: consumers keep what they
    /// compiled for an instance.
    /// </summary>
    public ServiceSnapshot? TryBuild(OutboundListenerConfig listener, RouteConfig routes, ServiceSnapshot? current) =>
        Build(listener, routes, current, keepOld: false);

    /// <summary>The current listener and routes with the newest state of their clusters, as far as that is complete.</summary>
    public ServiceSnapshot Refresh(ServiceSnapshot current) => Build(current.Listener, current.Routes, current, keepOld: true)!;

    public void DropUnused()
    {
        clusters.DropUnused();
        endpoints.DropUnused();
    }

    public void Dispose()
    {
        clusters.Dispose();
        endpoints.Dispose();
    }

    private ServiceSnapshot? Build(OutboundListenerConfig listener, RouteConfig routes, ServiceSnapshot? current, bool keepOld)
    {
        var found = new Dictionary<string, ClusterSnapshot>(StringComparer.Ordinal);
        var complete = true;
        var same = current is not null;
        var names = new Queue<string>(ServiceSnapshot.ClusterNames(routes));
        while (names.TryDequeue(out var name))
        {
            if (found.ContainsKey(name))
            {
                continue;
            }

            var old = current?.Clusters.GetValueOrDefault(name);
            var cluster = Build(name, current is not null && old is not { Endpoints: null });
            if (cluster is null && keepOld)
            {
                cluster = Keep(old!);
            }

            if (cluster is null)
            {
                // Goes on, so that everything that is missing is asked for at once.
                complete = false;
                continue;
            }

            cluster = cluster == old ? old : cluster;
            same &= ReferenceEquals(cluster, old);
            found[name] = cluster;
            foreach (var leaf in cluster.Leaves)
            {
                names.Enqueue(leaf);
            }
        }

        if (!complete)
        {
            return null;
        }

        return same && found.Count == current!.Clusters.Count && listener == current.Listener && routes == current.Routes
            ? current
            : new(
                listener == current?.Listener ? current.Listener : listener,
                routes == current?.Routes ? current.Routes : routes,
                found.ToFrozenDictionary(StringComparer.Ordinal));
    }

    private ClusterSnapshot? Build(string name, bool canWait)
    {
        var cluster = clusters.Use(name);
        if (cluster.Value is not { } config)
        {
            return IsSettled(cluster, canWait) ? new(name, null, null, cluster.Error!.Message) : null;
        }

        if (config.Discovery == ClusterDiscovery.Aggregate)
        {
            return BuildAggregate(name, config, canWait);
        }

        if (config.Discovery != ClusterDiscovery.Eds)
        {
            return new(name, config, config.InlineEndpoints, null);
        }

        var list = endpoints.Use(config.EdsServiceName);
        if (list.Value is not null)
        {
            return new(name, config, list.Value, null);
        }

        return IsSettled(list, canWait) ? new(name, config, null, list.Error!.Message) : null;
    }

    private ClusterSnapshot? BuildAggregate(string name, ClusterConfig config, bool canWait)
    {
        var walk = new AggregateWalk(clusters);
        walk.Follow(name);
        if (walk.Error is { } error)
        {
            return new(name, null, null, error);
        }

        // All of them are asked for at once, and none is used before the others are there.
        var complete = walk.IsComplete;
        foreach (var leaf in walk.Leaves)
        {
            complete &= Build(leaf, canWait) is not null;
        }

        return complete ? new ClusterSnapshot(name, config, null, null) { Leaves = walk.Leaves.ToEquatableArray() } : null;
    }

    private ClusterSnapshot Keep(ClusterSnapshot cluster)
    {
        if (cluster.Config is { Discovery: ClusterDiscovery.Eds } config)
        {
            endpoints.Use(config.EdsServiceName);
        }

        return cluster;
    }

    // A lost control plane is no reason to replace routes that work by ones whose clusters nobody could ask for.
    private static bool IsSettled<T>(Dependency<T> dependency, bool canWait)
        where T : class =>
        dependency.Error is { } error && !(canWait && error.Kind == ResourceErrorKind.Unreachable);
}
