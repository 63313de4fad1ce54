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
        ["a share of ejections"] = (o => o.EnforcingConsecutive5Xx = 50, "outlier_detection.enforcing_consecutive_5xx: must be 0 or 100"),
        ["a share of gateway ejections"] = (
            o => o.EnforcingConsecutiveGatewayFailure = 99, "outlier_detection.enforcing_consecutive_gateway_failure: must be 0 or 100"),
        ["success rate"] = (o => o.EnforcingSuccessRate = 100, "outlier_detection.enforcing_success_rate: is not supported"),
        ["failure percentage"] = (o => o.EnforcingFailurePercentage = 1, "outlier_detection.enforcing_failure_percentage: is not supported"),
        ["split errors"] = (o => o.SplitExternalLocalOriginErrors = true, "outlier_detection.split_external_local_origin_errors: is not supported"),
        ["jitter"] = (o => o.MaxEjectionTimeJitter = Seconds(1), "outlier_detection.max_ejection_time_jitter: is not supported"),
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
        new OutlierDetectionConfig(5, 0, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(300), 10),
        Detect(new OutlierDetection()));

    [Fact]
    public void Gateway_failures_are_off_until_enforced()
    {
        Assert.Equal(0, Detect(new OutlierDetection { ConsecutiveGatewayFailure = 7 })!.ConsecutiveGatewayFailures);
        Assert.Equal(5, Detect(new OutlierDetection { EnforcingConsecutiveGatewayFailure = 100 })!.ConsecutiveGatewayFailures);
        Assert.Equal(7, Detect(new OutlierDetection { ConsecutiveGatewayFailure = 7, EnforcingConsecutiveGatewayFailure = 100 })!.ConsecutiveGatewayFailures);
    }

    [Fact]
    public void Nothing_enforced_is_off()
    {
        Assert.Null(Detect(null));
        Assert.Null(Detect(new OutlierDetection { EnforcingConsecutive5Xx = 0 }));
        Assert.Null(Detect(new OutlierDetection { Consecutive5Xx = 0 }));
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
