using System.Collections.Frozen;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Dependencies;

/// <summary>
/// All that a call to one authority needs, whole: its routes and every cluster that they name (gRFC A74). Immutable; a
/// request reads one and never sees two generations mixed.
/// </summary>
internal sealed record ServiceSnapshot(
    OutboundListenerConfig Listener,
    RouteConfig Routes,
    FrozenDictionary<string, ClusterSnapshot> Clusters)
{
    /// <summary>Every cluster that routes name, some of them more than once.</summary>
    public static IEnumerable<string> ClusterNames(RouteConfig routes) =>
        from host in routes.VirtualHosts
        from route in host.Routes
        let action = route.Action as ForwardActionConfig
        where action is not null
        from name in action.Clusters.Select(c => c.Cluster).Concat(action.Mirrors.Select(m => m.Cluster))
        select name;
}
