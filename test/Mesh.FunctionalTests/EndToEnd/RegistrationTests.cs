using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
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

    [Fact]
    public async Task A_service_that_is_deleted_stays_for_those_who_use_it_and_is_unknown_to_who_comes_later()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true);

        mesh.Write("services.yaml", "# nothing");
        await Poll.UntilAsync(
            async () =>
            {
                await using var later = await mesh.StartClientAsync();
                return await FailsAsync(later);
            },
            () => "a new client still finds the service");

        // gRFC A88: deletion is more often a mistake than meant, so what was known stays in force.
        Assert.Equal("reviews-v1", (await client.AskAsync(Url)).Workload);
        mesh.Write("services.yaml", Yaml.Service("reviews"));
        await (await mesh.StartClientAsync()).UntilAsync(Url, _ => true);
    }

    [Fact]
    public async Task Each_port_of_a_workload_is_found_by_its_name()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", """
            apiVersion: v1
            kind: Service
            metadata: { name: reviews, namespace: default }
            spec:
              selector: { app: reviews }
              ports: [ { name: http, port: 9080, targetPort: http }, { name: http-admin, port: 9081, targetPort: admin } ]
            """));
        await mesh.StartWorkloadAsync(
            "reviews",
            map: app => app.MapGet("/port", (HttpContext context) => $"{context.Connection.LocalPort}"),
            configure: o =>
            {
                o.Workload.PortNames.Add("http");
                o.Workload.PortNames.Add("admin");
            },
            build: builder => builder.WebHost.UseUrls("http://127.0.0.1:0", "http://127.0.0.1:0"));
        var client = await mesh.StartClientAsync();

        using var first = await client.UntilAsync($"{Url}port", 200);
        using var second = await client.UntilAsync("http://reviews:9081/port", 200);

        Assert.NotEqual(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
    }

    private static async Task<bool> FailsAsync(MeshClient client)
    {
        try
        {
            using var response = await client.GetAsync(Url);
            return false;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }
}
