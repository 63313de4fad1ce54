using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Type.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using ProxylessMesh.Xds.Resources.Clusters;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;
using LbPolicy = Envoy.Config.Cluster.V3.Cluster.Types.LbPolicy;
using LoadBalancingPolicy = ProxylessMesh.Xds.Config.LoadBalancingPolicy;
using Types = Envoy.Config.Cluster.V3.Cluster.Types;

namespace ProxylessMesh.Xds.Tests.Resources.Clusters;

/// <summary>gRFCs A42, A48; cluster.proto.</summary>
public sealed class LoadBalancingDecoderTests
{
    private static readonly Dictionary<string, (Action<Cluster> Break, string Error)> Broken = new()
    {
        ["ring with another hash"] = (
            c => Ring(c, r => r.HashFunction = Types.RingHashLbConfig.Types.HashFunction.MurmurHash2), "ring_hash_lb_config.hash_function: is not supported"),
        ["ring too large"] = (c => Ring(c, r => r.MaximumRingSize = 8_388_609), "ring_hash_lb_config.maximum_ring_size: must be 1 to 8388608"),
        ["ring of nothing"] = (c => Ring(c, r => r.MinimumRingSize = 0), "ring_hash_lb_config.minimum_ring_size: must be 1 to"),
        ["ring inside out"] = (c => Ring(c, r => r.MaximumRingSize = 1000), "ring_hash_lb_config.minimum_ring_size: 1024 is more than maximum_ring_size 1000"),
        ["table not prime"] = (c => Maglev(c, 65536), "maglev_lb_config.table_size: must be a prime"),
        ["table too large"] = (c => Maglev(c, 5_000_077), "maglev_lb_config.table_size: must be a prime of at most 5000011"),
        ["table of 0"] = (c => Maglev(c, 0), "maglev_lb_config.table_size: must be a prime"),
        ["table of 2^63"] = (c => Maglev(c, 1UL << 63), "maglev_lb_config.table_size: must be a prime"),
        ["bias below 0"] = (
            c => c.LeastRequestLbConfig = new() { ActiveRequestBias = new RuntimeDouble { DefaultValue = -1 } }, "least_request_lb_config.active_request_bias"),
        ["bias not a number"] = (
            c => c.LeastRequestLbConfig = new() { ActiveRequestBias = new RuntimeDouble { DefaultValue = double.NaN } }, "least_request_lb_config.active_request_bias"),
        ["panic above 100"] = (c => Common(c).HealthyPanicThreshold = new Percent { Value = 101 }, "common_lb_config.healthy_panic_threshold: must be 0 to 100"),
        ["zone awareness"] = (
            c => Common(c).ZoneAwareLbConfig = new() { RoutingEnabled = new Percent { Value = 101 } },
            "common_lb_config.zone_aware_lb_config.routing_enabled: must be 0 to 100"),
        ["bounded loads"] = (c => Common(c).ConsistentHashingLbConfig = new() { HashBalanceFactor = 150 }, "common_lb_config.consistent_hashing_lb_config.hash_balance_factor: is not supported"),
        ["slow start with aggression 0"] = (
            c => c.LeastRequestLbConfig = new() { SlowStartConfig = new() { Aggression = new RuntimeDouble() } }, "least_request_lb_config.slow_start_config.aggression"),
        ["slow start above 100 %"] = (
            c => c.LeastRequestLbConfig = new() { SlowStartConfig = new() { MinWeightPercent = new Percent { Value = 200 } } }, "least_request_lb_config.slow_start_config.min_weight_percent"),
    };

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void Refuses(string name)
    {
        var cluster = IstioShapes.EdsCluster();
        Broken[name].Break(cluster);

        AssertError(ResourceKinds.Cluster, cluster, Broken[name].Error);
    }

    [Fact]
    public void Zone_awareness_has_envoys_defaults()
    {
        var cluster = IstioShapes.EdsCluster();
        Assert.Null(Decode(ResourceKinds.Cluster, cluster).LoadBalancing.ZoneAware);

        Common(cluster).ZoneAwareLbConfig = new();
        Assert.Equal(new ZoneAwareConfig(100, 6, false), Decode(ResourceKinds.Cluster, cluster).LoadBalancing.ZoneAware);

        Common(cluster).ZoneAwareLbConfig = new() { RoutingEnabled = new Percent { Value = 12.5 }, MinClusterSize = 0, FailTrafficOnPanic = true };
        Assert.Equal(new ZoneAwareConfig(12.5, 0, true), Decode(ResourceKinds.Cluster, cluster).LoadBalancing.ZoneAware);
    }

    [Fact]
    public void Ring_defaults_are_those_of_Envoy()
    {
        var cluster = IstioShapes.EdsCluster();
        cluster.LbPolicy = LbPolicy.RingHash;

        var balancing = Decode(ResourceKinds.Cluster, cluster).LoadBalancing;

        Assert.Equal((LoadBalancingPolicy.RingHash, 1024, 8_388_608), (balancing.Policy, balancing.MinimumRingSize, balancing.MaximumRingSize));
    }

    [Fact]
    public void Maglev_table_and_panic_are_read()
    {
        var cluster = IstioShapes.EdsCluster();
        Maglev(cluster, 251);
        Common(cluster).HealthyPanicThreshold = new Percent { Value = 0 };

        var balancing = Decode(ResourceKinds.Cluster, cluster).LoadBalancing;

        Assert.Equal((LoadBalancingPolicy.Maglev, 251, 0d), (balancing.Policy, balancing.TableSize, balancing.PanicThresholdPercent));
    }

    [Fact]
    public void Slow_start_is_read_with_its_defaults()
    {
        var cluster = IstioShapes.EdsCluster();
        cluster.LeastRequestLbConfig = new() { ChoiceCount = 3, SlowStartConfig = new() { SlowStartWindow = Duration.FromTimeSpan(TimeSpan.FromMinutes(1)) } };

        var balancing = Decode(ResourceKinds.Cluster, cluster).LoadBalancing;

        Assert.Equal(new SlowStartConfig(TimeSpan.FromMinutes(1), 1, 0.1), balancing.SlowStart);
        Assert.Equal(3, balancing.ChoiceCount);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(9, false)]
    [InlineData(65537, true)]
    [InlineData(5_000_011, true)]
    [InlineData(1, false)]
    public void Primes(ulong number, bool prime) => Assert.Equal(prime, HashTableRules.IsPrime(number));

    private static void Ring(Cluster cluster, Action<Types.RingHashLbConfig> change)
    {
        cluster.LbPolicy = LbPolicy.RingHash;
        cluster.RingHashLbConfig = new Types.RingHashLbConfig();
        change(cluster.RingHashLbConfig);
    }

    private static void Maglev(Cluster cluster, ulong size)
    {
        cluster.LbPolicy = LbPolicy.Maglev;
        cluster.MaglevLbConfig = new Types.MaglevLbConfig { TableSize = size };
    }

    private static Types.CommonLbConfig Common(Cluster cluster) => cluster.CommonLbConfig ??= new Types.CommonLbConfig();
}
