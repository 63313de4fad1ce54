namespace ProxylessMesh.Xds.Config;

/// <summary>HealthStatus, folded to what it means for a pick.</summary>
internal enum EndpointHealth
{
    /// <summary>HEALTHY or UNKNOWN.</summary>
    Healthy,

    /// <summary>DRAINING: finishes what it has.</summary>
    Draining,

    /// <summary>UNHEALTHY or TIMEOUT.</summary>
    Unhealthy,

    /// <summary>DEGRADED: used for what the healthy ones cannot carry.</summary>
    Degraded,
}
