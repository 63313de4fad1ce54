using ProxylessMesh.Client;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

/// <summary>In both variants of the protocol: what an app hears of a control plane that comes back and finds a mistake in its files.</summary>
public sealed class RestartWithMistakesTests
{
    private const string Url = "http://reviews:9080/";

    [Theory]
    [InlineData(XdsProtocol.Delta)]
    [InlineData(XdsProtocol.StateOfTheWorld)]
    public async Task Services_do_not_go_away_and_other_files_are_followed(XdsProtocol protocol)
    {
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", $"{Yaml.Service("reviews")}\n---\n{Yaml.Subsets("reviews")}"), ("routes.yaml", Yaml.Split("reviews", 100, 0)));
        await mesh.StartWorkloadAsync("reviews", "v1", configure: o => o.XdsProtocol = protocol);
        await mesh.StartWorkloadAsync("reviews", "v2", configure: o => o.XdsProtocol = protocol);
        var client = await mesh.StartClientAsync(o => o.XdsProtocol = protocol);
        await client.UntilAsync(Url, a => a.Workload == "reviews-v1");
        await using var load = new Load(client, Url);

        await mesh.StopControlPlaneAsync();
        mesh.Write("services.yaml", "apiVersion: [\n");
        await mesh.StartControlPlaneAsync();
        Assert.Equal(["DestinationRule", "Service"], mesh.Plane.Restored.Select(o => o.Meta.Id.Kind).Order());
        mesh.Write("routes.yaml", Yaml.Split("reviews", 0, 100));

        // Only a client that has come back hears of it.
        await client.UntilAsync(Url, a => a.Workload == "reviews-v2");
        await load.MoreAsync(100);
        Assert.Empty(load.Failures);
    }
}
