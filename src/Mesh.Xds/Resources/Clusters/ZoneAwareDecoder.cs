using Envoy.Extensions.LoadBalancingPolicies.Common.V3;
using Envoy.Type.V3;
using ProxylessMesh.Xds.Config;
using Older = Envoy.Config.Cluster.V3.Cluster.Types.CommonLbConfig.Types.ZoneAwareLbConfig;

namespace ProxylessMesh.Xds.Resources.Clusters;

/// <summary>
/// zone_aware_lb_config, of a cluster and of the policies in load_balancing_policy. As all calls stay in their zone whenever there is an
/// endpoint for them, force_locality_direct_routing asks for what happens anyway, and locality_basis has nothing to compare.
/// </summary>
internal static class ZoneAwareDecoder
{
    private const string Field = "zone_aware_lb_config";
    private const ulong DefaultMinClusterSize = 6;

    public static ZoneAwareConfig? Decode(Older? config, DecodeContext context) =>
        config is null ? null : Decode(config.RoutingEnabled, config.MinClusterSize, config.FailTrafficOnPanic, Field, context);

    public static ZoneAwareConfig? Decode(LocalityLbConfig? config, DecodeContext context) =>
        config?.ZoneAwareLbConfig is { } zone
            && Decode(zone.RoutingEnabled, zone.MinClusterSize, zone.FailTrafficOnPanic, "locality_lb_config." + Field, context) is { } decoded
            ? decoded with { MinZoneSize = zone.ForceLocalZone?.MinSize ?? 1 }
            : null;

    private static ZoneAwareConfig? Decode(Percent? routing, ulong? size, bool failsInPanic, string field, DecodeContext context)
    {
        var percent = routing?.Value ?? 100;
        if (percent is >= 0 and <= 100)
        {
            return new ZoneAwareConfig(percent, size ?? DefaultMinClusterSize, failsInPanic);
        }

        context.Error(field + ".routing_enabled", "must be 0 to 100");
        return null;
    }
}
