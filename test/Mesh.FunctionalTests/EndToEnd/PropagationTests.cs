using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

/// <summary>A request that an app makes while serving one carries on what came in, with no line of app code.</summary>
public sealed class PropagationTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task Headers_travel_through_an_app_that_knows_nothing_of_them()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", $"{Yaml.Service("front")}\n---\n{Yaml.Service("back")}"));
        await mesh.StartWorkloadAsync("back");
        await mesh.StartWorkloadAsync("front", map: Relay.To("http://back:9080/"), configure: o => o.PropagateHeaders.Add("end-user"));
        var client = await mesh.StartClientAsync();
        await client.UntilAsync("http://front:9080/relay", _ => true);

        var seen = (await client.AskAsync(
            "http://front:9080/relay",
            ("x-request-id", "request-1"),
            ("traceparent", $"00-{TraceId}-b7ad6b7169203331-01"),
            ("tracestate", "vendor=1"),
            ("b3", $"{TraceId}-b7ad6b7169203331-1"),
            ("x-b3-traceid", TraceId),
            ("end-user", "jason"),
            ("x-private", "1"))).Headers;

        Assert.Equal("request-1", seen["x-request-id"]);
        Assert.Contains(TraceId, seen["traceparent"], StringComparison.Ordinal);
        Assert.Equal("vendor=1", seen["tracestate"]);
        Assert.Equal($"{TraceId}-b7ad6b7169203331-1", seen["b3"]);
        Assert.Equal(TraceId, seen["x-b3-traceid"]);
        Assert.Equal("jason", seen["end-user"]);
        Assert.DoesNotContain("x-private", seen.Keys);
    }

    [Fact]
    public async Task A_request_without_id_gets_one_that_its_followers_share()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", $"{Yaml.Service("front")}\n---\n{Yaml.Service("back")}"));
        await mesh.StartWorkloadAsync("back");
        await mesh.StartWorkloadAsync("front", map: Relay.To("http://back:9080/"));
        var client = await mesh.StartClientAsync();

        var first = (await client.UntilAsync("http://front:9080/relay", _ => true)).Headers["x-request-id"];
        var second = (await client.AskAsync("http://front:9080/relay")).Headers["x-request-id"];

        Assert.NotEqual(first, second);
        Assert.True(Guid.TryParse(first, out _) && Guid.TryParse(second, out _));
    }

    [Fact]
    public async Task A_host_outside_the_mesh_hears_nothing_of_it()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("front")));
        await using var stranger = await WorkloadApp.StartAsync("stranger", o => o.Mode = Client.MeshMode.Off);
        await mesh.StartWorkloadAsync("front", map: Relay.To($"http://{stranger.EndPoint}/"), configure: o => o.PropagateHeaders.Add("end-user"));
        var client = await mesh.StartClientAsync();

        var seen = await client.AskAsync("http://front:9080/relay", ("end-user", "jason"), ("x-request-id", "request-1"));

        Assert.Equal("stranger", seen.Workload);
        Assert.DoesNotContain("end-user", seen.Headers.Keys);
        Assert.DoesNotContain("x-request-id", seen.Headers.Keys);
    }

    [Fact]
    public async Task A_propagated_header_steers_the_next_hop()
    {
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", $"{Yaml.Service("front")}\n---\n{Yaml.Service("back")}\n---\n{Yaml.Subsets("back")}"),
            ("routes.yaml", Yaml.Routes(
                "back", $"{{ match: [ {{ headers: {{ end-user: {{ exact: jason }} }} }} ], {Yaml.To("back", "v2")} }}", $"{{ {Yaml.To("back", "v1")} }}")));
        await mesh.StartWorkloadAsync("back", "v1");
        await mesh.StartWorkloadAsync("back", "v2");
        await mesh.StartWorkloadAsync("front", map: Relay.To("http://back:9080/"), configure: o => o.PropagateHeaders.Add("end-user"));
        var client = await mesh.StartClientAsync();

        await client.UntilAsync("http://front:9080/relay", a => a.Workload == "back-v1");
        await client.UntilAsync("http://front:9080/relay", a => a.Workload == "back-v2", ("end-user", "jason"));
        Assert.Equal("back-v1", (await client.AskAsync("http://front:9080/relay", ("end-user", "anna"))).Workload);
    }
}
