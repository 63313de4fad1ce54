using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>trafficPolicy.loadBalancer.</summary>
internal static class LoadBalancerReader
{
    private static readonly KnownFields KnownOfZones = new([], ["failover", "failoverPriority"], []);

    private static readonly EnumNames<SimpleLoadBalancer> Names = new(
        ("UNSPECIFIED", SimpleLoadBalancer.LeastRequest),
        ("LEAST_CONN", SimpleLoadBalancer.LeastRequest),
        ("RANDOM", SimpleLoadBalancer.Random),
        ("PASSTHROUGH", SimpleLoadBalancer.PassThrough),
        ("ROUND_ROBIN", SimpleLoadBalancer.RoundRobin),
        ("LEAST_REQUEST", SimpleLoadBalancer.LeastRequest));

    public static LoadBalancer Read(YamlObject item)
    {
        var simple = item.Enum("simple", Names, SimpleLoadBalancer.LeastRequest);
        var hash = item.Object("consistentHash") is { } settings ? ConsistentHashReader.Read(settings) : null;
        if (hash is not null && item.Has("simple"))
        {
            item.Problems.Error(item.PositionOf("consistentHash"), ProblemCodes.Conflict, $"{item.Path} has both simple and consistentHash", "remove one of them");
        }

        var utilization = item.Object("backendUtilization") is { } measures ? BackendUtilizationReader.Read(measures) : null;
        if (utilization is not null && (hash is not null || item.Has("simple")))
        {
            item.Problems.Error(
                item.PositionOf("backendUtilization"),
                ProblemCodes.Conflict,
                $"{item.Path} has both {(hash is null ? "simple" : "consistentHash")} and backendUtilization",
                "remove one of them");
        }

        var locality = item.Object("localityLbSetting") is { } places ? LocalityReader.Read(places) : null;
        var zones = item.Object("zoneAwareLbSetting") is { } setting ? ReadZones(setting) : null;
        if (zones is not null && locality is { Enabled: true })
        {
            item.Problems.Error(
                item.PositionOf("zoneAwareLbSetting"), ProblemCodes.Conflict, $"{item.Path} has both localityLbSetting and zoneAwareLbSetting", "remove or disable one of them");
        }

        var warmup = ReadWarmup(item);
        if (warmup is not null && (hash is not null || simple is SimpleLoadBalancer.Random or SimpleLoadBalancer.PassThrough))
        {
            item.Problems.Error(
                item.Position, ProblemCodes.Conflict, $"{item.Path}: warmup works with ROUND_ROBIN and LEAST_REQUEST only", "remove the warm-up, or choose one of these");
        }

        item.Close(KnownFields.None);
        return new LoadBalancer(simple, item.Position) { ConsistentHash = hash, BackendUtilization = utilization, Locality = locality, ZoneAware = zones, Warmup = warmup };
    }

    private static ZoneAwareness? ReadZones(YamlObject item)
    {
        var enabled = item.Bool("enabled") ?? true;
        var size = item.Int("minClusterSize", min: 1);
        item.Close(KnownOfZones);
        return enabled ? new ZoneAwareness(size) : null;
    }

    /// <summary>warmupDurationSecs is the older way to say how long.</summary>
    private static Warmup? ReadWarmup(YamlObject item)
    {
        var older = item.Duration("warmupDurationSecs");
        if (item.Object("warmup") is not { } warmup)
        {
            return older is { } duration ? new Warmup(duration, null, null) : null;
        }

        warmup.ReportIfMissing("duration");
        var window = warmup.Duration("duration");
        var minimum = warmup.Number("minimumPercent", 0, 100);
        var aggression = warmup.Number("aggression", 1, 1_000_000);
        warmup.Close(KnownFields.None);
        return window is null ? null : new Warmup(window.Value, minimum, aggression);
    }
}
