using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.Xds.Grpc;
using static ProxylessMesh.ControlPlane.Tests.Discovery.FakeResources;

namespace ProxylessMesh.ControlPlane.Tests.Discovery;

/// <summary>Delta, request by request. That nothing is answered is seen by the next answer being another's.</summary>
public sealed class DeltaProtocolTests
{
    private static readonly Dictionary<(string, string), string> First = new(OfEachType);

    [Fact]
    public async Task Rule22_a_subscription_is_answered_and_its_ack_is_not()
    {
        await using var server = await StartAsync();
        await using var client = server.ConnectDelta();

        await client.SendAsync(Lds, ["l1"], node: AdsTestServer.Node());
        var response = await client.ReceiveAsync();
        await client.AckAsync(response);
        await client.SendAsync(Rds, ["r1"]);

        Assert.Equal("Listener 1: L1", DeltaTestClient.Describe(response));
        Assert.Equal(("l1", 32), (response.Resources[0].Name, response.Resources[0].Version.Length));
        Assert.Equal("RouteConfiguration 1: R1", await client.ReceiveTextAsync());
        var status = Assert.Single(server.Ads.Clients);
        Assert.Equal("delta", status.Protocol);
        Assert.Equal((SyncState.Synced, "1"), (status.Types.Single(t => t.TypeUrl == Lds).State, status.Types.Single(t => t.TypeUrl == Lds).AckedVersion));
    }

    [Fact]
    public async Task Rule22_an_answer_and_a_subscription_may_share_a_request()
    {
        await using var server = await StartAsync();
        await using var client = server.ConnectDelta();
        await client.SendAsync(Cds, ["c1"], node: AdsTestServer.Node());
        var first = await client.ReceiveAsync();

        await client.SendAsync(Cds, ["c2"], ["c1"], first.Nonce);

        Assert.Equal("Cluster 1: C2", await client.ReceiveAndAckAsync());
        server.Ads.Publish(new FakeResources("2", With((Cds, "c1"), "C1'", (Cds, "c2"), "C2'")));
        Assert.Equal("Cluster 2: C2'", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Rule23_a_name_that_is_asked_for_again_comes_again_and_one_that_does_not_exist_is_said_to_be_gone()
    {
        await using var server = await StartAsync();
        await using var client = server.ConnectDelta();
        await client.SendAsync(Eds, ["c1", "nowhere"], node: AdsTestServer.Node());
        Assert.Equal("ClusterLoadAssignment 1: E1; gone: nowhere", await client.ReceiveAndAckAsync());

        await client.SendAsync(Eds, ["c1", "nowhere"]);

        Assert.Equal("ClusterLoadAssignment 1: E1; gone: nowhere", await client.ReceiveAndAckAsync());
    }

    [Fact]
    public async Task Rule23_a_first_empty_list_of_clusters_means_all_until_a_name_is_sent()
    {
        await using var server = await StartAsync();
        await using var client = server.ConnectDelta();
        await client.SendAsync(Cds, node: AdsTestServer.Node());
        Assert.Equal("Cluster 1: C1, C2", await client.ReceiveAndAckAsync());

        await client.SendAsync(Cds, ["c1"]);
        Assert.Equal("Cluster 1: C1", await client.ReceiveAndAckAsync());
        server.Ads.Publish(new FakeResources("2", With((Cds, "c1"), "C1'", (Cds, "c2"), "C2'")));

        Assert.Equal("Cluster 2: C1'", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Rule23_a_first_empty_list_of_endpoints_means_none()
    {
        await using var server = await StartAsync();
        await using var client = server.ConnectDelta();

        await client.SendAsync(Eds, node: AdsTestServer.Node());
        await client.SendAsync(Rds, ["r1"]);

        Assert.Equal("RouteConfiguration 1: R1", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Rule06_a_star_means_all_and_a_name_let_go_under_it_is_told_again()
    {
        await using var server = await StartAsync();
        await using var client = server.ConnectDelta();
        await client.SendAsync(Lds, ["*", "l1", "elsewhere"], node: AdsTestServer.Node());
        Assert.Equal("Listener 1: L1; gone: elsewhere", await client.ReceiveAndAckAsync());

        await client.SendAsync(Lds, unsubscribe: ["l1", "elsewhere"]);
        Assert.Equal("Listener 1: L1; gone: elsewhere", await client.ReceiveAndAckAsync());
        await client.SendAsync(Lds, unsubscribe: ["*"]);
        await client.SendAsync(Rds, ["r1"]);

        Assert.Equal("RouteConfiguration 1: R1", await client.ReceiveAndAckAsync());
        server.Ads.Publish(new FakeResources("2", With((Lds, "l1"), "L1'", (Rds, "r1"), "R1'")));
        Assert.Equal("RouteConfiguration 2: R1'", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Rule24_a_push_holds_what_changed_and_names_what_is_gone_for_every_type()
    {
        await using var server = await StartAsync();
        await using var client = server.ConnectDelta();
        await client.SendAsync(Rds, ["r1", "r2"], node: AdsTestServer.Node());
        Assert.Equal("RouteConfiguration 1: R1; gone: r2", await client.ReceiveAndAckAsync());

        server.Ads.Publish(new FakeResources("2", new() { [(Rds, "r2")] = "R2" }));

        Assert.Equal("RouteConfiguration 2: R2; gone: r1", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Rule25_a_client_that_comes_back_gets_what_is_new_to_it_and_hears_of_what_is_gone()
    {
        await using var server = await StartAsync();
        var versions = new Dictionary<string, string>();
        await using (var before = server.ConnectDelta())
        {
            await before.SendAsync(Cds, ["c1", "c2"], node: AdsTestServer.Node());
            versions = (await before.ReceiveAsync()).Resources.ToDictionary(r => r.Name, r => r.Version);
        }

        server.Ads.Publish(new FakeResources("2", new() { [(Cds, "c1")] = "C1", [(Cds, "c2")] = "C2'" }));
        await using var after = server.ConnectDelta();
        versions.Add("c3", "old");
        versions.Add("orphan", "old");
        await after.SendAsync(Cds, ["c1", "c2", "c3"], node: AdsTestServer.Node(), versions: versions);

        Assert.Equal("Cluster 2: C2'; gone: c3, orphan", await after.ReceiveAndAckAsync());
        server.Ads.Publish(new FakeResources("3", new() { [(Cds, "c1")] = "C1'", [(Cds, "c2")] = "C2'", [(Cds, "orphan")] = "O" }));
        Assert.Equal("Cluster 3: C1'", await after.ReceiveTextAsync());
    }

    [Fact]
    public async Task Rule25_with_nothing_new_the_answer_is_empty_and_a_wildcard_counts_as_well()
    {
        await using var server = await StartAsync();
        Dictionary<string, string> versions;
        await using (var before = server.ConnectDelta())
        {
            await before.SendAsync(Cds, node: AdsTestServer.Node());
            versions = (await before.ReceiveAsync()).Resources.ToDictionary(r => r.Name, r => r.Version);
        }

        await using var after = server.ConnectDelta();
        await after.SendAsync(Cds, node: AdsTestServer.Node(), versions: versions);
        Assert.Equal("Cluster 1: ", await after.ReceiveAndAckAsync());

        server.Ads.Publish(new FakeResources("2", new() { [(Cds, "c2")] = "C2" }));
        Assert.Equal("Cluster 2: ; gone: c1", await after.ReceiveTextAsync());
    }

    [Fact]
    public async Task Rule26_a_refused_resource_is_shown_and_not_sent_again_until_it_changes()
    {
        await using var server = await StartAsync();
        await using var client = server.ConnectDelta();
        await client.SendAsync(Cds, ["c1", "c2"], node: AdsTestServer.Node());
        await client.SendAsync(Cds, nonce: (await client.ReceiveAsync()).Nonce, error: "CDS \"c1\": no such port");
        await client.SendAsync(Rds, ["r1"]);
        Assert.Equal("RouteConfiguration 1: R1", await client.ReceiveAndAckAsync());
        var status = Status(server, Cds);
        Assert.Equal(SyncState.Refused, status.State);
        Assert.Equal(new RefusedResource("c1", "CDS \"c1\": no such port"), Assert.Single(status.Refused));

        server.Ads.Publish(new FakeResources("2", With((Cds, "c2"), "C2'")));
        Assert.Equal("Cluster 2: C2'", await client.ReceiveAndAckAsync());
        await client.SendAsync(Eds, ["c1"]);
        Assert.Equal("ClusterLoadAssignment 2: E1", await client.ReceiveAndAckAsync());

        // That another one was accepted makes this one no better.
        Assert.Equal("c1", Assert.Single(Status(server, Cds).Refused).Name);
        server.Ads.Publish(new FakeResources("3", With((Cds, "c2"), "C2'", (Cds, "c1"), "C1'")));
        Assert.Equal("Cluster 3: C1'", await client.ReceiveAndAckAsync());
        Assert.Equal("ClusterLoadAssignment 3: E1", await client.ReceiveAndAckAsync());
        await client.SendAsync(Lds, ["l1"]);
        await client.ReceiveAsync();
        Assert.Empty(Status(server, Cds).Refused);
    }

    [Fact]
    public async Task Rule27_29_endpoints_of_a_changed_cluster_come_again_and_no_others()
    {
        await using var server = await StartAsync();
        await using var client = await SubscribedAsync(server);

        server.Ads.Publish(new FakeResources("2", With((Cds, "c1"), "C1'")));

        Assert.Equal("Cluster 2: C1'", await client.ReceiveTextAsync());
        Assert.Equal("ClusterLoadAssignment 2: E1", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Rule28_a_push_follows_the_references_and_what_vanishes_goes_last()
    {
        await using var server = await StartAsync();
        await using var client = await SubscribedAsync(server);

        server.Ads.Publish(new FakeResources("2", new() { [(Cds, "c2")] = "C2'", [(Eds, "c2")] = "E2'", [(Lds, "l1")] = "L1'", [(Rds, "r1")] = "R1'" }));

        Assert.Equal("Cluster 2: C2'", await client.ReceiveTextAsync());
        Assert.Equal("ClusterLoadAssignment 2: E2'", await client.ReceiveTextAsync());
        Assert.Equal("Listener 2: L1'", await client.ReceiveTextAsync());
        Assert.Equal("RouteConfiguration 2: R1'", await client.ReceiveTextAsync());
        Assert.Equal("Cluster 2: ; gone: c1", await client.ReceiveTextAsync());
        Assert.Equal("ClusterLoadAssignment 2: ; gone: c1", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Both_variants_see_the_same_mesh_at_the_same_time()
    {
        await using var server = await StartAsync();
        await using var delta = server.ConnectDelta();
        await using var sotw = server.Connect();
        await delta.SendAsync(Rds, ["r1"], node: AdsTestServer.Node());
        await delta.ReceiveAndAckAsync();
        await sotw.SendAsync(Rds, ["r1"], node: AdsTestServer.Node());
        await sotw.AckAsync(await sotw.ReceiveAsync(), "r1");

        server.Ads.Publish(new FakeResources("2", With((Rds, "r1"), "R1'")));

        Assert.Equal("RouteConfiguration 2: R1'", await delta.ReceiveTextAsync());
        Assert.Equal("RouteConfiguration 2: R1'", await sotw.ReceiveTextAsync());
    }

    [Fact]
    public async Task Names_pile_up_to_the_limit_only()
    {
        await using var server = await StartAsync(new AdsSettings { MaxNamesPerType = 3 });
        await using var many = server.ConnectDelta();
        await many.SendAsync(Rds, ["1", "2"], node: AdsTestServer.Node());
        await many.SendAsync(Rds, ["3", "4"]);

        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await many.FailAsync()).Status);
    }

    private static SubscriptionStatus Status(AdsTestServer server, string type) => Assert.Single(server.Ads.Clients).Types.Single(t => t.TypeUrl == type);

    private static Dictionary<(string, string), string> With(params ((string, string) Key, string Value)[] changes)
    {
        var all = new Dictionary<(string, string), string>(First);
        foreach (var (key, value) in changes)
        {
            all[key] = value;
        }

        return all;
    }

    private static Dictionary<(string, string), string> With((string, string) key, string value) => With([(key, value)]);

    private static Dictionary<(string, string), string> With((string, string) key, string value, (string, string) key2, string value2) =>
        With([(key, value), (key2, value2)]);

    private static Task<AdsTestServer> StartAsync(AdsSettings? settings = null) => AdsTestServer.StartAsync(new FakeResources("1", First), settings);

    private static async Task<DeltaTestClient> SubscribedAsync(AdsTestServer server)
    {
        var client = server.ConnectDelta();
        (string Type, string[] Names)[] wanted = [(Lds, ["l1"]), (Rds, ["r1"]), (Cds, ["c1", "c2"]), (Eds, ["c1", "c2"])];
        foreach (var (type, names) in wanted)
        {
            await client.SendAsync(type, names, node: AdsTestServer.Node());
            await client.ReceiveAndAckAsync();
        }

        return client;
    }
}
