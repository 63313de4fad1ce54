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
    FrozenDictionary<string, ClusterSnapshot> Clusters);
