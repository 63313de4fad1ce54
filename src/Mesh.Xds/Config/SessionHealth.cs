namespace ProxylessMesh.Xds.Config;

/// <summary>Which endpoints a session may stay with (common_lb_config.override_host_status).</summary>
[Flags]
internal enum SessionHealth
{
    None = 0,

    /// <summary>HEALTHY or UNKNOWN.</summary>
    Healthy = 1,

    Draining = 2,

    Degraded = 4,

    /// <summary>UNHEALTHY or TIMEOUT.</summary>
    Unhealthy = 8,
}
