using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

public sealed class DiscoveryTests
{
    private const string Client = "spiffe://cluster.local/ns/default/sa/client";

    [Theory]
    [InlineData("http://reviews:9080/a/b?c=d", "reviews:9080")]
    [InlineData("http://reviews.default:9080/a/b", "reviews.default:9080")]
    [InlineData("http://reviews.default.svc:9080/a/b", "reviews.default.svc:9080")]
    [InlineData("http://reviews.default.svc.cluster.local:9080/a/b", "reviews.default.svc.cluster.local:9080")]
    [InlineData("http://REVIEWS:9080/a/b", "reviews:9080")]
    public async Task A_name_leads_to_the_workload_over_mutual_TLS_and_the_URL_stays_as_written(string url, string host)
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();

        var answer = await client.UntilAsync(url, _ => true);

        Assert.Equal(("reviews-v1", Client, "http", host, "/a/b"), (answer.Workload, answer.Peer, answer.Scheme, answer.Host, answer.Path));
    }

    [Fact]
    public async Task A_short_name_is_one_of_the_callers_own_namespace()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", $"{Yaml.Service("reviews")}\n---\n{Yaml.Service("reviews", "prod")}"));
        await mesh.StartWorkloadAsync("reviews", "here");
        await mesh.StartWorkloadAsync("reviews", "there", ns: "prod");
        var client = await mesh.StartClientAsync();
        var other = await mesh.StartClientAsync(ns: "prod");

        Assert.Equal("reviews-here", (await client.UntilAsync("http://reviews:9080/", _ => true)).Workload);
        Assert.Equal("reviews-there", (await client.UntilAsync("http://reviews.prod:9080/", _ => true)).Workload);
        var answer = await other.UntilAsync("http://reviews:9080/", _ => true);
        Assert.Equal(("reviews-there", "spiffe://cluster.local/ns/prod/sa/client"), (answer.Workload, answer.Peer));
    }

    [Fact]
    public async Task A_workload_calls_another_by_name_with_its_own_identity()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", $"{Yaml.Service("reviews")}\n---\n{Yaml.Service("ratings")}"));
        await mesh.StartWorkloadAsync("ratings");
        await mesh.StartWorkloadAsync("reviews", map: Relay.To("http://ratings:9080/"));
        var client = await mesh.StartClientAsync();

        var answer = await client.UntilAsync("http://reviews:9080/relay", _ => true);

        Assert.Equal(("ratings-v1", "spiffe://cluster.local/ns/default/sa/reviews"), (answer.Workload, answer.Peer));
    }

    [Fact]
    public async Task An_address_of_a_ServiceEntry_is_called_as_it_says()
    {
        await using var mesh = await MeshEnvironment.StartAsync();
        var workload = await mesh.StartWorkloadAsync("legacy");
        var client = await mesh.StartClientAsync();
        mesh.Write("entry.yaml", $$"""
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: { name: legacy, namespace: default }
            spec:
              hosts: [ legacy.example.com ]
              ports: [ { number: 80, name: http, protocol: HTTP } ]
              resolution: STATIC
              location: MESH_EXTERNAL
              endpoints: [ { address: 127.0.0.1, ports: { http: {{workload.EndPoint.Port}} } } ]
            """);
        await Poll.UntilAsync(() => mesh.Plane.Config.Objects.Length == 1, "the entry was not read");
        await mesh.SettledAsync();

        var answer = await client.UntilAsync("http://legacy.example.com/x", _ => true);

        Assert.Equal(("legacy-v1", "legacy.example.com"), (answer.Workload, answer.Host));
        Assert.Null(answer.Peer);
    }

    [Fact]
    public async Task A_burst_of_first_calls_of_a_client_all_succeed()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        await mesh.StartWorkloadAsync("reviews");
        await (await mesh.StartClientAsync()).UntilAsync("http://reviews:9080/", _ => true);
        var cold = await mesh.StartClientAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => cold.AskAsync($"http://reviews:9080/{i}")));

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"/{i}"), answers.Select(a => a.Path));
    }

    [Fact]
    public async Task The_outcome_of_a_call_names_what_the_mesh_did()
    {
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", $"{Yaml.Service("reviews")}\n---\n{Yaml.Subsets("reviews")}"),
            ("routes.yaml", Yaml.Routes("reviews", $"{{ name: canary, {Yaml.To("reviews", "v1")} }}")));
        var workload = await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();

        using var response = await client.UntilAsync("http://reviews:9080/", 200);

        var outcome = response.GetMeshOutcome()!;
        Assert.Equal(
            ("canary", "outbound|9080|v1|reviews.default.svc.cluster.local", $"{workload.EndPoint}", 1, null),
            (outcome.Route, outcome.Cluster, outcome.Endpoint, outcome.Attempts, outcome.Reason));
    }

    [Fact]
    public async Task A_synchronous_call_works_too()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        await mesh.StartWorkloadAsync("reviews");
        var client = await mesh.StartClientAsync();
        await client.UntilAsync("http://reviews:9080/", _ => true);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080/sync");

        using var response = await Task.Run(() => client.Http.Send(request));

        var answer = await MeshClient.ReadAsync(response);
        Assert.Equal(("/sync", Client), (answer.Path, answer.Peer));
    }
}
