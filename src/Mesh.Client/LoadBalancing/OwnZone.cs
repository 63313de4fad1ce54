using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>
/// Envoy's "Zone aware routing", by its rules for when it applies and when it does not. Where Envoy compares its own zone's share of all
/// callers with the zone's share of the endpoints, which takes a cluster of all callers (local_cluster_name), a process here knows of
/// no other callers: they are taken to be spread over zones as the endpoints are. Then a zone can always carry its own callers, and
/// nothing is left to be sent elsewhere.
/// </summary>
internal static class OwnZone
{
    /// <summary>The endpoints of the caller's own zone, if calls are to stay in it; else null.</summary>
    /// <param name="config">Of the cluster.</param>
    /// <param name="own">Where the caller is.</param>
    /// <param name="healthy">Of the first priority; no other is zone aware.</param>
    public static ClusterMember[]? Of(ZoneAwareConfig config, LocalityId own, ClusterMember[] healthy)
    {
        if ((ulong)healthy.Length < config.MinClusterSize || config.RoutingPercent <= 0)
        {
            return null;
        }

        var near = Array.FindAll(healthy, m => m.Locality.Id == own);
        return near.Length > 0 && near.Length >= config.MinZoneSize && near.Length < healthy.Length ? near : null;
    }
}
