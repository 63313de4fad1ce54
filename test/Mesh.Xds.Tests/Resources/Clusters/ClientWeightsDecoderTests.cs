using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Extensions.LoadBalancingPolicies.ClientSideWeightedRoundRobin.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;
using PolicyList = Envoy.Config.Cluster.V3.LoadBalancingPolicy;

namespace ProxylessMesh.Xds.Tests.Resources.Clusters;

/// <summary>gRFCs A58, A100 and A114.</summary>
public sealed class ClientWeightsDecoderTests
{
    [Fact]
    public void Defaults_are_those_of_the_proposal()
    {
        var balancing = Read(new ClientSideWeightedRoundRobin());

        Assert.Equal(ProxylessMesh.Xds.Config.LoadBalancingPolicy.ClientSideWeightedRoundRobin, balancing.Policy);
        Assert.Equal(ClientWeightsConfig.Default, balancing.ClientWeights);
        Assert.Equal(
            (TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(1), 1, null),
            (balancing.ClientWeights!.Blackout, balancing.ClientWeights.Expiration, balancing.ClientWeights.UpdatePeriod, balancing.ClientWeights.ErrorPenalty, balancing.ClientWeights.OutOfBandPeriod));
    }

    [Fact]
    public void Everything_is_read()
    {
        var balancing = Read(new ClientSideWeightedRoundRobin
        {
            EnableOobLoadReport = true,
            OobReportingPeriod = Seconds(2),
            BlackoutPeriod = Seconds(0),
            WeightExpirationPeriod = Seconds(60),
            WeightUpdatePeriod = Seconds(5),
            ErrorUtilizationPenalty = 0.5f,
            MetricNamesForComputingUtilization = { "named_metrics.queue" },
            SlowStartConfig = new() { SlowStartWindow = Seconds(30) },
        });

        Assert.Equal(
            new ClientWeightsConfig
            {
                OutOfBandPeriod = TimeSpan.FromSeconds(2),
                Blackout = TimeSpan.Zero,
                Expiration = TimeSpan.FromSeconds(60),
                UpdatePeriod = TimeSpan.FromSeconds(5),
                ErrorPenalty = 0.5,
                MetricNames = ["named_metrics.queue"],
            },
            balancing.ClientWeights);
        Assert.Equal(TimeSpan.FromSeconds(30), balancing.SlowStart!.Window);
    }

    [Fact]
    public void Updates_are_100_ms_apart_at_least()
    {
        var config = Read(new ClientSideWeightedRoundRobin { WeightUpdatePeriod = new Duration { Nanos = 1_000_000 }, EnableOobLoadReport = true }).ClientWeights!;

        Assert.Equal((TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10)), (config.UpdatePeriod, config.OutOfBandPeriod!.Value));
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_penalty_below_zero_is_an_error(float penalty) => AssertError(
        ResourceKinds.Cluster,
        Cluster(new ClientSideWeightedRoundRobin { ErrorUtilizationPenalty = penalty }),
        "load_balancing_policy.policies[0].typed_extension_config.typed_config.error_utilization_penalty: must be a number of 0 or more");

    [Fact]
    public void A_negative_period_is_an_error() => AssertError(
        ResourceKinds.Cluster,
        Cluster(new ClientSideWeightedRoundRobin { BlackoutPeriod = Seconds(-1) }),
        "load_balancing_policy.policies[0].typed_extension_config.typed_config.blackout_period: must not be negative");

    private static LoadBalancingConfig Read(ClientSideWeightedRoundRobin policy) => Decode(ResourceKinds.Cluster, Cluster(policy)).LoadBalancing;

    private static Cluster Cluster(ClientSideWeightedRoundRobin policy)
    {
        var cluster = IstioShapes.EdsCluster();
        cluster.LoadBalancingPolicy = new PolicyList { Policies = { new PolicyList.Types.Policy { TypedExtensionConfig = new TypedExtensionConfig { TypedConfig = Any.Pack(policy) } } } };
        return cluster;
    }
}
