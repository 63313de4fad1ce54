using System.Net;
using Envoy.Config.Rbac.V3;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Testing;

namespace ProxylessMesh.FunctionalTests.Istiod;

/// <summary>Apps with AddMesh() behind Istio's agent: callers and callees are real, and istiod would find nothing to complain about.</summary>
[Collection(nameof(ProcessEnvironment))]
public sealed class IstiodTests
{
    private const string Url = "http://reviews:9080/";

    [Theory]
    [InlineData("tcp")]
    [InlineData("unix")]
    public async Task A_caller_goes_where_listener_routes_subsets_and_endpoints_of_istiod_lead(string transport)
    {
        using var files = new TemporaryDirectory();
        await using var istiod = await IstiodServer.StartAsync(transport == "unix" ? files.File("XDS") : null);
        using var agent = new IstioAgent(istiod);
        await using var v1 = await agent.StartWorkloadAsync("reviews", "v1", acceptsMutualTls: false);
        await using var v2 = await agent.StartWorkloadAsync("reviews", "v2", acceptsMutualTls: false);
        var reviews = new IstioService("reviews") { Endpoints = [Of(v1, "v1"), Of(v2, "v2")], Subsets = ["v1", "v2"] };
        reviews = reviews with { Routes = [ProxylessRoutes.To(reviews.Cluster("v2"), ("end-user", "jason")), ProxylessRoutes.To(reviews.Cluster())] };
        await istiod.PushAsync(new IstioMesh().With(reviews));
        await using var client = await agent.StartClientAsync();

        Assert.Equal("reviews-v2", (await client.UntilAsync(Url, _ => true, ("end-user", "jason"))).Workload);
        Assert.Equal(["reviews-v1", "reviews-v2"], (await client.CountAsync(Url, 60)).Keys.Order(StringComparer.Ordinal));
        Assert.Equal("reviews-v2", (await client.UntilAsync($"http://{reviews.Host}:9080/", _ => true, ("end-user", "jason"))).Workload);

        await istiod.PushAsync(istiod.Mesh.With(reviews with { Endpoints = [Of(v2, "v2")] }));
        await Poll.UntilAsync(async () => (await client.CountAsync(Url, 30)).Keys.SequenceEqual(["reviews-v2"]), () => "endpoints that are gone are still called");

        await istiod.PushAsync(istiod.Mesh.With(reviews with { Routes = [ProxylessRoutes.Split((reviews.Cluster("v1"), 100), (reviews.Cluster("v2"), 0))] }));
        await Poll.UntilAsync(async () => (await client.CountAsync(Url, 30)).Keys.SequenceEqual(["reviews-v1"]), () => "the split does not count");
        Assert.Empty(istiod.Complaints);
    }

    [Fact]
    public async Task A_service_that_is_called_later_brings_all_names_again_and_disturbs_nobody()
    {
        await using var istiod = await IstiodServer.StartAsync();
        using var agent = new IstioAgent(istiod);
        await using var one = await agent.StartWorkloadAsync("reviews", acceptsMutualTls: false);
        await using var other = await agent.StartWorkloadAsync("ratings", acceptsMutualTls: false);
        await istiod.PushAsync(new IstioMesh { Services = [new("reviews") { Endpoints = [Of(one, "v1")] }, new("ratings") { Endpoints = [Of(other, "v1")] }] });
        await using var client = await agent.StartClientAsync();
        await client.UntilAsync(Url, _ => true);
        await using var load = new Load(client, Url);

        Assert.Equal("ratings-v1", (await client.UntilAsync("http://ratings:9080/", _ => true)).Workload);
        await load.MoreAsync(50);

        Assert.Empty(load.Failures);
        Assert.Empty(istiod.Complaints);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Inbound_mutual_TLS_and_RBAC_of_istiod_hold(bool oldFieldsOnly)
    {
        await using var istiod = await IstiodServer.StartAsync();
        using var agent = new IstioAgent(istiod);
        await using var workload = await agent.StartWorkloadAsync("reviews");
        await istiod.PushAsync(new IstioMesh
        {
            Services = [new("reviews") { Endpoints = [Of(workload, "v1")], MutualTls = true }],
            Deny = Rules(("default-no-admin-0", IstioRules.FromAnyone("/admin*"))),
            Allow = Rules(("default-readers-0", IstioRules.From("client")), ("default-readers-1", IstioRules.From("stranger", "/public"))),
            OldProviderFieldsOnly = oldFieldsOnly,
        });
        await using var client = await agent.StartClientAsync();
        await using var stranger = await agent.StartClientAsync("stranger");

        Assert.Equal("spiffe://cluster.local/ns/default/sa/client", (await client.UntilAsync(Url, _ => true)).Peer);
        Assert.Equal("spiffe://cluster.local/ns/default/sa/stranger", (await stranger.UntilAsync($"{Url}public", _ => true)).Peer);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client, $"{Url}admin/keys"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(stranger, Url));
        using var plain = new HttpClient();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => plain.GetAsync(new Uri($"http://{workload.EndPoint}/")));

        await istiod.PushAsync(istiod.Mesh with { Allow = Rules(("default-readers-0", IstioRules.FromNamespace("default"))) });
        await stranger.UntilAsync(Url, _ => true);
        Assert.Empty(istiod.Complaints);
    }

    [Fact]
    public async Task A_session_stays_with_its_endpoint()
    {
        await using var istiod = await IstiodServer.StartAsync();
        using var agent = new IstioAgent(istiod);
        await using var v1 = await agent.StartWorkloadAsync("reviews", "v1", acceptsMutualTls: false);
        await using var v2 = await agent.StartWorkloadAsync("reviews", "v2", acceptsMutualTls: false);
        await istiod.PushAsync(new IstioMesh().With(new IstioService("reviews") { Endpoints = [Of(v1, "v1"), Of(v2, "v2")], SessionCookie = "cart" }));
        await using var client = await agent.StartClientAsync();
        await client.UntilAllAnswerAsync(Url, "reviews-v1", "reviews-v2");
        using var first = await client.GetAsync(Url);
        var cookie = Assert.Single(first.Headers.GetValues("Set-Cookie")).Split(';')[0];
        var workload = (await MeshClient.ReadAsync(first)).Workload;

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(workload, (await client.AskAsync(Url, ("cookie", cookie))).Workload);
        }

        Assert.Empty(istiod.Complaints);
    }

    [Fact]
    public async Task A_workload_keeps_to_one_stream_at_a_time()
    {
        await using var istiod = await IstiodServer.StartAsync();
        using var agent = new IstioAgent(istiod);
        await using var workload = await agent.StartWorkloadAsync("reviews", acceptsMutualTls: false);
        await istiod.PushAsync(new IstioMesh().With(new IstioService("reviews") { Endpoints = [Of(workload, "v1")] }));
        await using var client = await agent.StartClientAsync();
        await client.UntilAsync(Url, _ => true);
        await istiod.PushAsync(istiod.Mesh.With(new IstioService("ratings")));
        await client.CountAsync(Url, 20);

        // With the ports that opened a workload introduces itself anew; nothing else ends a stream.
        Assert.Equal(1, istiod.StreamsOf("client"));
        Assert.InRange(istiod.StreamsOf("reviews-v1"), 1, 2);
        Assert.Empty(istiod.Complaints);
    }

    [Fact]
    public async Task A_port_that_no_service_targets_stays_closed_until_one_does()
    {
        await using var istiod = await IstiodServer.StartAsync();
        using var agent = new IstioAgent(istiod);
        await using var workload = await agent.StartWorkloadAsync("reviews", acceptsMutualTls: false);
        using var plain = new HttpClient();
        var waiting = plain.GetAsync(new Uri($"http://{workload.EndPoint}/"));

        await istiod.PushAsync(new IstioMesh().With(new IstioService("reviews") { Endpoints = [Of(workload, "v1")] }));

        Assert.Equal(HttpStatusCode.OK, (await waiting).StatusCode);
        Assert.Empty(istiod.Complaints);
    }

    [Fact]
    public async Task A_node_that_istiod_does_not_understand_is_told_why()
    {
        await using var istiod = await IstiodServer.StartAsync();
        using var agent = new IstioAgent(istiod);
        await using var client = await agent.StartClientAsync(node: "reviews-v1");
        using var call = new CancellationTokenSource();

        var waiting = client.Http.GetAsync(new Uri(Url), call.Token);

        await Poll.UntilAsync(() => client.Logs.Entries.Any(e => e.Text.Contains("missing parts", StringComparison.Ordinal)), "a log of the reason");
        await call.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => waiting);
    }

    private static IstioEndpoint Of(WorkloadApp app, string version) => new(app.Name, version, app.EndPoint);

    private static System.Collections.Immutable.ImmutableSortedDictionary<string, Policy> Rules(params (string Name, Policy Policy)[] rules) =>
        System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, rules.Select(r => KeyValuePair.Create(r.Name, r.Policy)));

    private static async Task<HttpStatusCode> StatusAsync(MeshClient client, string url)
    {
        using var response = await client.GetAsync(url);
        return response.StatusCode;
    }
}
