using System.Text.Json.Nodes;
using ProxylessMesh.Client.Runtime;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Client.Tests.Runtime;

public sealed class NodeDescriptionTests
{
    [Fact]
    public void AWorkloadIsDescribedInIstiosWords()
    {
        var workload = new WorkloadOptions { Name = "reviews-v2", Namespace = "prod", ServiceAccount = "bookinfo-reviews", Locality = "eu/a" };
        workload.Labels["app"] = "reviews";

        var node = new NodeDescription(workload, "0badcafe").With([new("http", 9080)], acceptsMutualTls: true);

        Assert.Equal("sidecar~127.0.0.1~reviews-v2-0badcafe.prod~prod.svc.cluster.local", node.Id);
        Assert.Equal(("eu", "a", ""), (node.Locality.Region, node.Locality.Zone, node.Locality.SubZone));
        Assert.Equal("bookinfo-reviews", (string?)node.Metadata["SERVICE_ACCOUNT"]);
        Assert.Equal("istio", (string?)node.Metadata["LABELS"]!["security.istio.io/tlsMode"]);
        Assert.Equal("""[{"name":"http","containerPort":9080,"protocol":"TCP"}]""", (string?)node.Metadata["POD_PORTS"]);
    }

    [Fact]
    public void AnAppThatDoesNotListenNamesNoPorts() =>
        Assert.False(new NodeDescription(new WorkloadOptions(), "1").With([], acceptsMutualTls: false).Metadata.ContainsKey("POD_PORTS"));

    [Fact]
    public void ABootstrapsNodeStaysAsItIsButForThePorts()
    {
        var given = new NodeInfo("sidecar~10.0.0.1~x.y~y.svc", "x", default, new JsonObject { ["GENERATOR"] = "grpc" });

        var node = new NodeDescription(new WorkloadOptions(), "1", given).With([new("http", 80)], acceptsMutualTls: true);

        Assert.Equal(given.Id, node.Id);
        Assert.Equal("grpc", (string?)node.Metadata["GENERATOR"]);
        Assert.NotNull(node.Metadata["POD_PORTS"]);
        Assert.False(given.Metadata.ContainsKey("POD_PORTS"));
    }
}
