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
    public async Task A_service_that_is_deleted_is_as_unknown_as_one_that_never_was()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true);

        mesh.Write("services.yaml", "# nothing");
        await Poll.UntilAsync(() => FailsAsync(client), () => "the client still finds the service");

        mesh.Write("services.yaml", Yaml.Service("reviews"));
        Assert.Equal("reviews-v1", (await client.UntilAsync(Url, _ => true)).Workload);
    }

    [Fact]
    public async Task A_deleted_service_that_is_still_routed_to_answers_that_it_is_gone()
    {
        await using var mesh = await MeshEnvironment.StartAsync(
            ("reviews.yaml", Yaml.Service("reviews")), ("old.yaml", Yaml.Service("old")), ("routes.yaml", Yaml.Routes("reviews", "{ route: [ { destination: { host: old } } ] }")));
        await mesh.StartWorkloadAsync("old");
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, a => a.Workload == "old-v1");

        mesh.Write("old.yaml", "# nothing");
        using var response = await client.UntilAsync(Url, 503);

        Assert.Contains("no cluster for old.default.svc.cluster.local:9080", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
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
