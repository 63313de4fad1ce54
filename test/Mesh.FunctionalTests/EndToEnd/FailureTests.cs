using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.EndToEnd;

public sealed class FailureTests
{
    private const string Url = "http://reviews:9080/";
    private const string Cluster = "outbound|9080||reviews.default.svc.cluster.local";

    [Fact]
    public async Task A_workload_that_stops_under_load_fails_no_call()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        await mesh.StartWorkloadAsync("reviews", "v1");
        var leaving = await mesh.StartWorkloadAsync("reviews", "v2");
        var client = await mesh.StartClientAsync();
        await client.UntilAllAnswerAsync(Url, "reviews-v1", "reviews-v2");
        await using var load = new Load(client, Url);
        await load.MoreAsync(50);

        await leaving.StopAsync();

        await load.MoreAsync(300);
        Assert.Empty(load.Failures);
        Assert.Equal(["reviews-v1"], (await client.CountAsync(Url, 20)).Keys);
    }

    [Fact]
    public async Task A_workload_that_dies_without_a_word_fails_no_call()
    {
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", Yaml.Service("reviews")),
            ("routes.yaml", Yaml.Routes("reviews", "{ route: [ { destination: { host: reviews } } ], retries: { attempts: 3, retryOn: \"connect-failure,refused-stream,reset\" } }")));

        // Answers that fit into one TLS record: of one that had begun to arrive, nothing could be repeated.
        static void Map(WebApplication app) => app.MapGet("/work", () => Results.Text("done"));
        await mesh.StartWorkloadAsync("reviews", "v1", Map);
        var dying = await mesh.StartWorkloadAsync("reviews", "v2", Map, configure: o => o.Workload.Address = "127.0.0.2");
        using var network = TcpRelay.Start(new IPEndPoint(IPAddress.Parse("127.0.0.2"), dying.EndPoint.Port), dying.EndPoint);
        var client = await mesh.StartClientAsync();
        await client.UntilAllAnswerAsync(Url, "reviews-v1", "reviews-v2");
        await using var load = new Load(client, $"{Url}work");
        await load.MoreAsync(50);

        network.Cut();

        await load.MoreAsync(300);
        Assert.Empty(load.Failures);
    }

    [Fact]
    public async Task A_call_with_a_body_is_repeated_whole_on_another_endpoint()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        static void Map(WebApplication app) => app.MapPost("/echo", async (Stream sent) => await new StreamReader(sent).ReadToEndAsync());
        await mesh.StartWorkloadAsync("reviews", "v1", Map);
        var dead = await mesh.StartWorkloadAsync("reviews", "v2", Map, configure: o => o.Workload.Address = "127.0.0.2");
        using var network = TcpRelay.Start(new IPEndPoint(IPAddress.Parse("127.0.0.2"), dead.EndPoint.Port), dead.EndPoint);
        var client = await mesh.StartClientAsync();
        await client.UntilAllAnswerAsync(Url, "reviews-v1", "reviews-v2");
        network.Cut();

        var attempts = 0;
        for (var i = 0; i < 20; i++)
        {
            using var content = new StringContent($"body {i}");
            using var response = await client.Http.PostAsync(new Uri($"{Url}echo"), content);
            Assert.Equal((200, $"body {i}"), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
            attempts = Math.Max(attempts, response.GetMeshOutcome()!.Attempts);
        }

        Assert.InRange(attempts, 2, 3);
    }

    [Fact]
    public async Task An_instance_that_answers_500_is_ejected()
    {
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", Yaml.Service("reviews")),
            ("rules.yaml", Yaml.Subsets("reviews", "{ loadBalancer: { simple: ROUND_ROBIN }, outlierDetection: { consecutive5xxErrors: 3, interval: 1s, baseEjectionTime: 300s, maxEjectionPercent: 100 } }")));
        await mesh.StartWorkloadAsync("reviews", "v1");
        await mesh.StartWorkloadAsync("reviews", "v2", app => app.MapGet("/work", () => Results.StatusCode(500)));
        var client = await mesh.StartClientAsync();
        await client.UntilAllAnswerAsync(Url, "reviews-v1", "reviews-v2");

        var failed = 0;
        for (var i = 0; i < 100; i++)
        {
            using var response = await client.GetAsync($"{Url}work");
            failed += response.IsSuccessStatusCode ? 0 : 1;
        }

        Assert.Equal(3, failed);
    }

    [Fact]
    public async Task When_all_are_ejected_the_answer_says_so()
    {
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", Yaml.Service("reviews")),
            ("rules.yaml", Yaml.Subsets("reviews", "{ outlierDetection: { consecutive5xxErrors: 1, interval: 1s, baseEjectionTime: 300s, maxEjectionPercent: 100 } }")));
        await mesh.StartWorkloadAsync("reviews", "v1", app => app.MapGet("/work", () => Results.StatusCode(500)));
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true);

        using var first = await client.GetAsync($"{Url}work");
        using var second = await client.GetAsync($"{Url}work");

        Assert.Equal((500, 503), ((int)first.StatusCode, (int)second.StatusCode));
        Assert.Matches(
            @"\Ano healthy endpoint for reviews\.default\.svc\.cluster\.local:9080: 1 known, 1 ejected \(consecutive .*first returns in \d+ s\).*",
            await second.Content.ReadAsStringAsync());
        Assert.Equal(ResponseFlags.NoHealthyUpstream, second.GetMeshOutcome()!.Flags);
    }

    [Fact]
    public async Task No_endpoint_is_a_503_with_the_reason()
    {
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", Yaml.Service("reviews")), ("rules.yaml", Yaml.Subsets("reviews")), ("routes.yaml", Yaml.Routes("reviews", $"{{ name: canary, {Yaml.To("reviews", "v2")} }}")));
        await mesh.StartWorkloadAsync("reviews", "v1");
        var client = await mesh.StartClientAsync();

        using var response = await client.GetAsync(Url);

        Assert.Equal(503, (int)response.StatusCode);
        Assert.StartsWith("no healthy endpoint for reviews.default.svc.cluster.local:9080 subset v2: 0 known", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var outcome = response.GetMeshOutcome()!;
        Assert.Equal((ResponseFlags.NoHealthyUpstream, 0), (outcome.Flags, outcome.Attempts));
        Assert.Equal("outbound|9080|v2|reviews.default.svc.cluster.local", outcome.Cluster);
    }

    [Fact]
    public async Task A_routes_timeout_is_a_504()
    {
        var release = new TaskCompletionSource();
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", Yaml.Service("reviews")),
            ("routes.yaml", Yaml.Routes("reviews", "{ route: [ { destination: { host: reviews } } ], timeout: 0.3s }")));
        await mesh.StartWorkloadAsync("reviews", "v1", app => app.MapGet("/slow", () => release.Task));
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true);

        using var response = await client.GetAsync($"{Url}slow");
        release.SetResult();

        Assert.Equal(504, (int)response.StatusCode);
        var outcome = response.GetMeshOutcome()!;
        Assert.Equal((ResponseFlags.UpstreamRequestTimeout, Cluster, 1), (outcome.Flags, outcome.Cluster, outcome.Attempts));
        Assert.Contains("300 ms", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_callers_cancellation_stays_a_cancellation()
    {
        var release = new TaskCompletionSource();
        var reached = new TaskCompletionSource();
        await using var mesh = await MeshEnvironment.StartAsync(("services.yaml", Yaml.Service("reviews")));
        await mesh.StartWorkloadAsync("reviews", "v1", app => app.MapGet("/slow", () =>
        {
            reached.TrySetResult();
            return release.Task;
        }));
        var client = await mesh.StartClientAsync();
        await client.UntilAsync(Url, _ => true);
        using var cancel = new CancellationTokenSource();

        var call = client.Http.GetAsync(new Uri($"{Url}slow"), cancel.Token);
        await reached.Task.WaitAsync(Poll.Patience);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        release.SetResult();
    }

    [Fact]
    public async Task No_route_is_a_404()
    {
        await using var mesh = await MeshEnvironment.StartAsync(
            ("services.yaml", Yaml.Service("reviews")),
            ("routes.yaml", Yaml.Routes("reviews", "{ match: [ { uri: { exact: /only } } ], route: [ { destination: { host: reviews } } ] }")));
        var client = await mesh.StartClientAsync();

        using var response = await client.GetAsync($"{Url}other");

        Assert.Equal((404, ResponseFlags.NoRouteFound), ((int)response.StatusCode, response.GetMeshOutcome()!.Flags));
    }
}
