using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Cors;
using ProxylessMesh.Client.Routing;
using ProxylessMesh.Client.Sessions;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Dependencies;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Client.Faults;

/// <summary>Finds what applies to a route: for each fault filter of the chain the most specific override, else its own setting (gRFC A39).</summary>
internal static class FaultCompiler
{
    /// <summary>Null: the route has none.</summary>
    public static RouteFaults? Compile(ServiceSnapshot snapshot, VirtualHostConfig host, RouteEntryConfig route, Func<string, ClusterState> clusters)
    {
        if (!HasFaultFilter(snapshot.Listener.Http))
        {
            return null;
        }

        if (route.Action is ForwardActionConfig { Clusters: { Count: > 1 } split } forward && NeedsBranches(snapshot, host, route, split))
        {
            var routes = new Dictionary<ClusterState, RouteModel>();
            foreach (var share in split)
            {
                var only = route with { Action = forward with { Clusters = [share] } };
                routes.TryAdd(clusters(share.Cluster), RouteModel.Compile(only, clusters, Compile(snapshot, host, only, clusters), CorsCompiler.Compile(snapshot, host, only), snapshot.Listener.Http, SessionCompiler.Compile(snapshot, host, only)));
            }

            return new RouteFaults([], new FaultBranches(new ClusterSplit(split, clusters), routes));
        }

        var injectors = new List<FaultInjector>();
        foreach (var filter in snapshot.Listener.Http.Filters)
        {
            if (filter is FaultFilterConfig own && FaultInjector.Compile(Effective(own, snapshot, host, route)) is { } injector)
            {
                injectors.Add(injector);
            }
        }

        return injectors.Count == 0 ? null : new RouteFaults([.. injectors], null);
    }

    private static bool HasFaultFilter(HttpConnectionConfig http)
    {
        foreach (var filter in http.Filters)
        {
            if (filter is FaultFilterConfig)
            {
                return true;
            }
        }

        return false;
    }

    private static FaultConfig? Effective(FaultFilterConfig own, ServiceSnapshot snapshot, VirtualHostConfig host, RouteEntryConfig route) =>
        (FilterOverrides.Effective(own, snapshot.Routes, host, route) as FaultFilterConfig)?.Fault;

    /// <summary>Whether the chosen cluster matters: one has faults of its own, or a fault is for one cluster only.</summary>
    private static bool NeedsBranches(
        ServiceSnapshot snapshot, VirtualHostConfig host, RouteEntryConfig route, EquatableArray<WeightedClusterConfig> split)
    {
        foreach (var share in split)
        {
            if (share.FilterOverrides.Count > 0)
            {
                return true;
            }
        }

        foreach (var filter in snapshot.Listener.Http.Filters)
        {
            if (filter is FaultFilterConfig own && Effective(own, snapshot, host, route) is { Cluster.Length: > 0 })
            {
                return true;
            }
        }

        return false;
    }
}
