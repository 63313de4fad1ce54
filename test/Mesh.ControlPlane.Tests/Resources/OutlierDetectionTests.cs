using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Tests.Translation;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Resources;

/// <summary>outlierDetection from YAML to what the data plane reads.</summary>
public class OutlierDetectionTests
{
    private static readonly OutlierDetectionConfig s_defaults = new(
        5, 0, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(300), 10);

    [Fact]
    public void Istios_defaults_have_no_sweeps() => Assert.Equal(s_defaults, Decode("{}"));

    [Fact]
    public void Local_failures_can_be_split() => Assert.Equal(
        s_defaults with { Consecutive5xx = 0, SplitLocalOrigin = true, ConsecutiveLocalOriginFailures = 2 },
        Decode("{consecutive5xxErrors: 0, splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 2}"));

    [Fact]
    public void Split_failures_have_istios_default() => Assert.Equal(5, Decode("{splitExternalLocalOriginErrors: true}").ConsecutiveLocalOriginFailures);

    [Fact]
    public void Codes_are_errors_besides_5xx()
    {
        var errors = Decode("{outlierDetectionHttpErrorCodes: [429, 401, 429]}").Errors!;

        Assert.Equal([401, 429, .. Enumerable.Range(500, 100)], Enumerable.Range(100, 500).Where(errors.Contains));
        Assert.Null(Decode("{outlierDetectionHttpErrorCodes: []}").Errors);
    }

    [Fact]
    public void Codes_are_codes_of_http() => Assert.Contains(
        "spec.trafficPolicy.outlierDetection.outlierDetectionHttpErrorCodes[1]",
        Assert.Single(Reading.Problems(Yaml("{outlierDetectionHttpErrorCodes: [429, 600]}"))),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("{}", 0)]
    [InlineData("{minHealthPercent: 30}", 30)]
    public void The_least_share_of_healthy_endpoints_is_the_panic_threshold(string block, double expected) =>
        Assert.Equal(expected, Cluster(block).LoadBalancing.PanicThresholdPercent);

    private static OutlierDetectionConfig Decode(string block) => Cluster(block).OutlierDetection!;

    private static ClusterConfig Cluster(string block)
    {
        var rule = Reading.Good<DestinationRule>(Yaml(block));
        var cluster = Translate.Cluster(Mesh.Of(Mesh.Service("reviews"), rule), Mesh.Client(), "outbound|9080||reviews.default.svc.cluster.local")!;
        var result = ResourceKinds.Cluster.Decode(Google.Protobuf.MessageExtensions.ToByteString(cluster));
        Assert.Empty(result.Errors);
        return (ClusterConfig)result.Value!;
    }

    private static string Yaml(string block) => $$"""
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: reviews}
        spec: {host: reviews, trafficPolicy: {outlierDetection: {{block}} } }
        """;
}
