using Envoy.Config.Cluster.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.FunctionalTests.Fixture;
using AggregateConfig = Envoy.Extensions.Clusters.Aggregate.V3.ClusterConfig;

namespace ProxylessMesh.FunctionalTests.Clusters;

/// <summary>A control plane that sends an aggregate: ours, with one cluster of its answers exchanged.</summary>
public sealed class AggregateClusterTests
{
    private const string Url = "http://reviews:9080/";
    private const string Host = "reviews.default.svc.cluster.local";

    [Fact]
    public async Task First_cluster_serves_while_it_has_endpoints_and_the_next_takes_over()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("reviews.yaml", Yaml.Service("reviews")), ("subsets.yaml", Yaml.Subsets("reviews")));
        await using var plane = await TamperingControlPlane.StartAsync(mesh.Plaintext);
        plane.Tamper = Aggregate;
        var first = await mesh.StartWorkloadAsync("reviews", "v1", configure: o => o.ControlPlane = mesh.Plaintext);
        await mesh.StartWorkloadAsync("reviews", "v2", configure: o => o.ControlPlane = mesh.Plaintext);
        var client = await mesh.StartClientAsync(o => o.ControlPlane = plane.Address);
        await client.UntilAsync(Url, a => a.Workload == "reviews-v1");
        Assert.Equal(["reviews-v1"], (await client.CountAsync(Url, 20)).Keys);

        await first.StopAsync();
        await client.UntilAsync(Url, a => a.Workload == "reviews-v2");
        Assert.Equal(["reviews-v2"], (await client.CountAsync(Url, 20)).Keys);

        await mesh.StartWorkloadAsync("reviews", "v1", configure: o => o.ControlPlane = mesh.Plaintext);
        await client.UntilAsync(Url, a => a.Workload == "reviews-v1");
    }

    [Fact]
    public async Task Aggregate_within_itself_answers_with_the_reason()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("reviews.yaml", Yaml.Service("reviews")));
        await using var plane = await TamperingControlPlane.StartAsync(mesh.Plaintext);
        plane.Tamper = response => Exchange(response, $"outbound|9080||{Host}");
        var client = await mesh.StartClientAsync(o => o.ControlPlane = plane.Address);

        using var response = await client.UntilAsync(Url, 503);

        Assert.Contains("contains itself", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static DiscoveryResponse Aggregate(DiscoveryResponse response) =>
        Exchange(response, $"outbound|9080|v1|{Host}", $"outbound|9080|v2|{Host}");

    private static DiscoveryResponse Exchange(DiscoveryResponse response, params string[] children)
    {
        for (var i = 0; i < response.Resources.Count; i++)
        {
            if (response.Resources[i].Is(Cluster.Descriptor) && response.Resources[i].Unpack<Cluster>().Name == $"outbound|9080||{Host}")
            {
                response.Resources[i] = Any.Pack(new Cluster
                {
                    Name = $"outbound|9080||{Host}",
                    ClusterType = new Cluster.Types.CustomClusterType
                    {
                        Name = "envoy.clusters.aggregate",
                        TypedConfig = Any.Pack(new AggregateConfig { Clusters = { children } }),
                    },
                    LbPolicy = Cluster.Types.LbPolicy.ClusterProvided,
                });
            }
        }

        return response;
    }
}
