using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

public sealed class RegistrationTests
{
    private const string Url = "http://reviews:9080/";

    [Fact]
    public async Task Workloads_come_and_go_and_calls_follow()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        var client = await mesh.StartClientAsync();
        using (await client.UntilAsync(Url, 503))
        {
        }

        var first = await mesh.StartWorkloadAsync("reviews", "v1");
        await client.UntilAsync(Url, a => a.Workload == "reviews-v1");
        await mesh.StartWorkloadAsync("reviews", "v2");
        await client.UntilAllAnswerAsync(Url, "reviews-v1", "reviews-v2");
        await first.StopAsync();

        await Poll.UntilAsync(() => !mesh.IsRegistered(first), "the registry still holds the workload that stopped");
        Assert.Equal(["reviews-v2"], (await client.CountAsync(Url, 10)).Keys);
    }

    [Fact]
    public async Task A_service_that_is_defined_later_is_found_later()
    {
        await using var mesh = await MeshEnvironment.StartAsync();
        await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(Url));

        mesh.Write("services.yaml", Yaml.Service("reviews"));

        Assert.Equal("reviews-v1", (await client.UntilAsync(Url, _ => true)).Workload);
    }
}
