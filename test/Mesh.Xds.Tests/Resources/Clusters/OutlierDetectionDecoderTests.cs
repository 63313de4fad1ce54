using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;

namespace ProxylessMesh.Xds.Tests.Resources.Clusters;

/// <summary>outlier_detection.proto: its defaults, and the algorithms we have.</summary>
public sealed class OutlierDetectionDecoderTests
{
    private static readonly Dictionary<string, (Action<OutlierDetection> Break, string Error)> Broken = new()
    {
        ["more than always"] = (o => o.EnforcingConsecutive5Xx = 101, "outlier_detection.enforcing_consecutive_5xx: must be 0 to 100"),
        ["gateway, more than always"] = (
            o => o.EnforcingConsecutiveGatewayFailure = 101, "outlier_detection.enforcing_consecutive_gateway_failure: must be 0 to 100"),
        ["success rate, more than always"] = (o => o.EnforcingSuccessRate = 101, "outlier_detection.enforcing_success_rate: must be 0 to 100"),
        ["threshold"] = (o => o.FailurePercentageThreshold = 101, "outlier_detection.failure_percentage_threshold: must be 0 to 100"),
        ["success rate of local failures"] = (
            o =>
            {
                o.SplitExternalLocalOriginErrors = true;
                o.EnforcingLocalOriginSuccessRate = 101;
            },
            "outlier_detection.enforcing_local_origin_success_rate: must be 0 to 100"),
        ["jitter negative"] = (o => o.MaxEjectionTimeJitter = new Duration { Seconds = -1 }, "outlier_detection.max_ejection_time_jitter: must not be negative"),
        ["monitors"] = (o => o.Monitors.Add(new TypedExtensionConfig()), "outlier_detection.monitors: is not supported"),
        ["percent"] = (o => o.MaxEjectionPercent = 101, "outlier_detection.max_ejection_percent: must be 0 to 100"),
        ["interval 0"] = (o => o.Interval = new Duration(), "outlier_detection.interval: must be more than 0"),
        ["base negative"] = (o => o.BaseEjectionTime = new Duration { Nanos = -1 }, "outlier_detection.base_ejection_time: must not be negative"),
        ["max out of range"] = (o => o.MaxEjectionTime = new Duration { Nanos = 1_000_000_000 }, "outlier_detection.max_ejection_time: is out of range"),
    };

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void Refuses(string name)
    {
        var cluster = IstioShapes.EdsCluster();
        Broken[name].Break(cluster.OutlierDetection);

        AssertError(ResourceKinds.Cluster, cluster, Broken[name].Error);
    }

    [Fact]
    public void Defaults() => Assert.Equal(
        new OutlierDetectionConfig(5, 0, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(300), 10)
        {
            SuccessRate = new SuccessRateConfig(5, 100, 1900, 100),
        },
        Detect(new OutlierDetection()));

    [Fact]
    public void Everything_written_down() => Assert.Equal(
        new OutlierDetectionConfig(5, 5, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(300), 10)
        {
            EnforcingConsecutive5xx = 50,
            EnforcingConsecutiveGatewayFailures = 60,
            SplitLocalOrigin = true,
            ConsecutiveLocalOriginFailures = 4,
            EnforcingConsecutiveLocalOriginFailures = 70,
            SuccessRate = new SuccessRateConfig(1, 2, 3, 4),
            FailurePercentage = new FailurePercentageConfig(85, 5, 50, 80),
            LocalOriginSuccessRate = new SuccessRateConfig(1, 2, 3, 100),
            LocalOriginFailurePercentage = new FailurePercentageConfig(85, 5, 50, 90),
            MaxJitter = TimeSpan.FromSeconds(3),
            AlwaysEjectOne = true,
        },
        Detect(new OutlierDetection
        {
            EnforcingConsecutive5Xx = 50,
            EnforcingConsecutiveGatewayFailure = 60,
            SplitExternalLocalOriginErrors = true,
            ConsecutiveLocalOriginFailure = 4,
            EnforcingConsecutiveLocalOriginFailure = 70,
            SuccessRateMinimumHosts = 1,
            SuccessRateRequestVolume = 2,
            SuccessRateStdevFactor = 3,
            EnforcingSuccessRate = 4,
            EnforcingFailurePercentage = 80,
            EnforcingFailurePercentageLocalOrigin = 90,
            MaxEjectionTimeJitter = Seconds(3),
            AlwaysEjectOneHost = true,
        }));

    [Fact]
    public void Gateway_failures_are_off_until_enforced()
    {
        Assert.Equal(0, Detect(new OutlierDetection { ConsecutiveGatewayFailure = 7 })!.ConsecutiveGatewayFailures);
        Assert.Equal(5, Detect(new OutlierDetection { EnforcingConsecutiveGatewayFailure = 100 })!.ConsecutiveGatewayFailures);
        Assert.Equal(7, Detect(new OutlierDetection { ConsecutiveGatewayFailure = 7, EnforcingConsecutiveGatewayFailure = 100 })!.ConsecutiveGatewayFailures);
    }

    [Fact]
    public void Local_failures_are_judged_only_when_they_are_split() => Assert.Null(Detect(new OutlierDetection
    {
        EnforcingConsecutive5Xx = 0, EnforcingSuccessRate = 0, EnforcingLocalOriginSuccessRate = 100, EnforcingFailurePercentageLocalOrigin = 100,
    }));

    [Fact]
    public void Nothing_enforced_is_off()
    {
        Assert.Null(Detect(null));
        Assert.Null(Detect(new OutlierDetection { EnforcingConsecutive5Xx = 0, EnforcingSuccessRate = 0 }));
        Assert.Null(Detect(new OutlierDetection { Consecutive5Xx = 0, EnforcingSuccessRate = 0 }));
    }

    [Theory]
    [InlineData(600, null, 600)]
    [InlineData(600, 60.0, 600)]
    [InlineData(30, 60.0, 60)]
    public void The_ceiling_is_never_below_the_base(double baseSeconds, double? maxSeconds, double expected)
    {
        var detection = new OutlierDetection { BaseEjectionTime = Seconds(baseSeconds), MaxEjectionTime = maxSeconds is { } max ? Seconds(max) : null };

        Assert.Equal(TimeSpan.FromSeconds(expected), Detect(detection)!.MaxEjectionTime);
    }

    private static OutlierDetectionConfig? Detect(OutlierDetection? detection)
    {
        var cluster = IstioShapes.EdsCluster();
        cluster.OutlierDetection = detection;
        return Decode(ResourceKinds.Cluster, cluster).OutlierDetection;
    }
}
