namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Service.spec.trafficDistribution: which endpoints callers prefer.</summary>
internal enum TrafficPreference
{
    /// <summary>PreferSameZone, and its older name PreferClose.</summary>
    SameZone,
    SameNode,
}
