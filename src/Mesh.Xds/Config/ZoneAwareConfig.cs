namespace ProxylessMesh.Xds.Config;

/// <summary>Calls stay in the caller's own locality (zone_aware_lb_config).</summary>
/// <param name="RoutingPercent">Of the calls for which this counts, 0 to 100.</param>
/// <param name="MinClusterSize">With fewer healthy endpoints all localities are used alike.</param>
/// <param name="FailsInPanic">Below the panic threshold there is no endpoint, where otherwise all are used.</param>
internal sealed record ZoneAwareConfig(double RoutingPercent, ulong MinClusterSize, bool FailsInPanic)
{
    /// <summary>With fewer healthy endpoints in the own locality all are used alike (force_local_zone.min_size).</summary>
    public uint MinZoneSize { get; init; } = 1;
}
