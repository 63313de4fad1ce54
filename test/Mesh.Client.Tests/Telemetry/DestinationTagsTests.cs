using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Client.Telemetry;

namespace ProxylessMesh.Client.Tests.Telemetry;

public sealed class DestinationTagsTests
{
    [Theory]
    [InlineData("outbound|9080||reviews.default.svc.cluster.local", "reviews.default.svc.cluster.local", "reviews", "default")]
    [InlineData("outbound|80|v1|a.b.svc.c", "a.b.svc.c", "a", "b")]
    [InlineData("outbound|443||api.example.com", "api.example.com", "api.example.com", "unknown")]
    [InlineData("outbound|443||a.b.svcs.c", "a.b.svcs.c", "a.b.svcs.c", "unknown")]
    [InlineData("outbound|443||single", "single", "single", "unknown")]
    [InlineData("outbound|443||", "", "", "unknown")]
    [InlineData("PassthroughCluster", "unknown", "PassthroughCluster", "unknown")]
    [InlineData("BlackHoleCluster", "unknown", "BlackHoleCluster", "unknown")]
    [InlineData(null, "unknown", "unknown", "unknown")]
    public void The_service_is_read_from_the_clusters_name(string? cluster, string service, string name, string space)
    {
        var tags = Tags(new DestinationTags(cluster), 200);

        Assert.Equal((service, name, space), (tags["destination_service"], tags["destination_service_name"], tags["destination_service_namespace"]));
    }

    [Fact]
    public void An_upstream_that_sends_every_code_is_counted_and_not_remembered_for_ever()
    {
        var tags = new DestinationTags(Sample.ClusterName);
        for (var code = 100; code < 1000; code++)
        {
            Assert.Equal($"{code}", Tags(tags, code)["response_code"]);
        }

        Assert.InRange(tags.Known, 1, 512);
    }

    private static Dictionary<string, object?> Tags(DestinationTags tags, int code) =>
        new(tags.Of(SourceTags.Unnamed, new CallResult(code, ResponseFlags.None, false, GrpcStatus.None)).ToArray());
}
