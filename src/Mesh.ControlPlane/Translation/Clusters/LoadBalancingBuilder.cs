using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Resources;
using LbPolicy = Envoy.Config.Cluster.V3.Cluster.Types.LbPolicy;
using Percent = Envoy.Type.V3.Percent;
using Types = Envoy.Config.Cluster.V3.Cluster.Types;

namespace ProxylessMesh.ControlPlane.Translation.Clusters;

/// <summary>trafficPolicy.loadBalancer as lb_policy and its parameters.</summary>
internal static class LoadBalancingBuilder
{
    private const int DefaultRingSize = 1024;

    public static void Apply(Cluster cluster, LoadBalancer? balancer, ProxyProfile profile)
    {
        if (balancer?.ConsistentHash is { } hash)
        {
            ApplyHash(cluster, hash, profile);
            return;
        }

        if (profile == ProxyProfile.Grpc && balancer?.BackendUtilization is { } measured)
        {
            BackendUtilizationBuilder.ApplyForGrpc(cluster, measured);
            return;
        }

        if (profile == ProxyProfile.Grpc)
        {
            GrpcLoadBalancing.Apply(cluster, balancer?.Simple);
            return;
        }

        cluster.LbPolicy = balancer?.Simple switch
        {
            SimpleLoadBalancer.Random => LbPolicy.Random,
            SimpleLoadBalancer.RoundRobin or SimpleLoadBalancer.PassThrough => LbPolicy.RoundRobin,
            _ => LbPolicy.LeastRequest,
        };
        if (balancer?.BackendUtilization is { } utilization)
        {
            BackendUtilizationBuilder.Apply(cluster, utilization, balancer.Warmup);
        }
        else
        {
            ApplyWarmup(cluster, balancer?.Warmup);
        }

        if (balancer?.ZoneAware is { } zones)
        {
            cluster.CommonLbConfig ??= new Types.CommonLbConfig();
            cluster.CommonLbConfig.ZoneAwareLbConfig = new() { MinClusterSize = (ulong?)zones.MinClusterSize };
            return;
        }

        ApplyLocality(cluster, balancer?.Locality ?? LocalityLoadBalancing.MeshDefault);
    }

    /// <summary>gRPC knows no Maglev: it gets a ring, which is as consistent.</summary>
    private static void ApplyHash(Cluster cluster, ConsistentHash hash, ProxyProfile profile)
    {
        if (hash.Maglev && profile == ProxyProfile.Mesh)
        {
            cluster.LbPolicy = LbPolicy.Maglev;
            cluster.MaglevLbConfig = new Types.MaglevLbConfig { TableSize = (ulong?)hash.Size };
        }
        else
        {
            cluster.LbPolicy = LbPolicy.RingHash;
            cluster.RingHashLbConfig = new Types.RingHashLbConfig { MinimumRingSize = hash.Maglev ? DefaultRingSize : (ulong)(hash.Size ?? DefaultRingSize) };
        }
    }

    private static void ApplyWarmup(Cluster cluster, Warmup? warmup)
    {
        if (warmup is null)
        {
            return;
        }

        var slowStart = new Types.SlowStartConfig
        {
            SlowStartWindow = warmup.Duration.ToDuration(),
            Aggression = new RuntimeDouble { DefaultValue = warmup.Aggression ?? 1 },
            MinWeightPercent = new Percent { Value = warmup.MinimumPercent ?? 10 },
        };
        if (cluster.LbPolicy == LbPolicy.RoundRobin)
        {
            cluster.RoundRobinLbConfig = new Types.RoundRobinLbConfig { SlowStartConfig = slowStart };
        }
        else
        {
            cluster.LeastRequestLbConfig = new Types.LeastRequestLbConfig { SlowStartConfig = slowStart };
        }
    }

    private static void ApplyLocality(Cluster cluster, LocalityLoadBalancing locality)
    {
        if (locality.Enabled && locality.Distribute.Count > 0)
        {
            cluster.CommonLbConfig ??= new Types.CommonLbConfig();
            cluster.CommonLbConfig.LocalityWeightedLbConfig = new Types.CommonLbConfig.Types.LocalityWeightedLbConfig();
        }
    }
}
