using static ProxylessMesh.ControlPlane.Tests.Discovery.FakeResources;

namespace ProxylessMesh.ControlPlane.Tests.Discovery;

/// <summary>Changes of which the server knows what they concern.</summary>
public sealed class AdsPartialPushTests
{
    private static readonly Dictionary<(string, string), string> First = new()
    {
        [(Cds, "c1")] = "C1",
        [(Cds, "c2")] = "C2",
        [(Eds, "c1")] = "E1",
        [(Eds, "c2")] = "E2",
        [(Lds, "l1")] = "L1",
        [(Rds, "r1")] = "R1",
        [(Rds, "r2")] = "R2",
        [(Rds, "r3")] = "R3",
    };

    [Fact]
    public async Task Of_routes_and_endpoints_only_what_changed_is_sent()
    {
        await using var server = await StartAsync();
        await using var client = await SubscribedAsync(server, Rds, "r1", "r2", "r3");

        server.Ads.Publish(With("2", (Rds, "r2"), "R2'"));

        Assert.Equal("RouteConfiguration 2: R2'", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Of_clusters_all_are_sent_and_then_the_endpoints_of_the_changed_one()
    {
        await using var server = await StartAsync();
        await using var client = await SubscribedAsync(server, Cds, "c1", "c2");
        await client.SendAsync(Eds, ["c1", "c2"]);
        await client.AckAsync(await client.ReceiveAsync(), "c1", "c2");
        await SettleAsync(client, "l1", "l2");

        server.Ads.Publish(With("2", (Cds, "c2"), "C2'"));

        Assert.Equal("Cluster 2: C1, C2'", await client.ReceiveTextAsync());
        Assert.Equal("ClusterLoadAssignment 2: E2", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task What_was_not_accepted_comes_again_with_the_next_change()
    {
        await using var server = await StartAsync();
        await using var client = await SubscribedAsync(server, Rds, "r1", "r2", "r3");
        server.Ads.Publish(With("2", (Rds, "r2"), "bad"));
        var refused = await client.ReceiveAsync();
        await client.SendAsync(Rds, ["r1", "r2", "r3"], refused.Nonce, "1", error: "r2: no");
        await SettleAsync(client, "l1", "l2");
        server.Ads.Publish(With("3", (Rds, "r3"), "R3'", ((Rds, "r2"), "bad")));

        var next = await client.ReceiveAsync();
        Assert.Equal("RouteConfiguration 3: R3', bad", AdsTestClient.Describe(next));
        await client.AckAsync(next, "r1", "r2", "r3");
        await SettleAsync(client, "l1", "l2", "l3");
        server.Ads.Publish(With("4", (Rds, "r1"), "R1'", ((Rds, "r2"), "bad"), ((Rds, "r3"), "R3'")));
        Assert.Equal("RouteConfiguration 4: R1'", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Whoever_does_not_have_it_hears_nothing()
    {
        await using var server = await StartAsync();
        await using var client = await SubscribedAsync(server, Rds, "r1");

        server.Ads.Publish(With("2", (Rds, "r2"), "R2'"));
        server.Ads.Publish(With("3", (Rds, "r1"), "R1'", ((Rds, "r2"), "R2'")));

        Assert.Equal("RouteConfiguration 3: R1'", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Names_that_are_added_are_answered_in_full_all_the_same()
    {
        await using var server = await StartAsync();
        await using var client = await SubscribedAsync(server, Rds, "r1");
        server.Ads.Publish(With("2", (Rds, "r1"), "R1'"));
        var pushed = await client.ReceiveAsync();

        await client.AckAsync(pushed, "r1", "r2");

        Assert.Equal("RouteConfiguration 2: R1', R2", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Delta_hears_of_what_went_and_of_what_came_back()
    {
        await using var server = await StartAsync();
        await using var client = server.ConnectDelta();
        await client.SendAsync(Rds, ["r1", "r2"], node: AdsTestServer.Node());
        await client.ReceiveAndAckAsync();

        server.Ads.Publish(new FakeResources("2", new() { [(Rds, "r1")] = "R1" }) { Changed = [(Rds, "r2")] });
        Assert.Equal("RouteConfiguration 2: ; gone: r2", await client.ReceiveAndAckAsync());

        server.Ads.Publish(new FakeResources("3", First) { Changed = [(Rds, "r2"), (Rds, "r3")] });
        Assert.Equal("RouteConfiguration 3: R2", await client.ReceiveAndAckAsync());
    }

    private static FakeResources With(string version, (string, string) key, string value, params ((string, string) Key, string Value)[] others)
    {
        var resources = new Dictionary<(string, string), string>(First) { [key] = value };
        foreach (var (other, text) in others)
        {
            resources[other] = text;
        }

        return new FakeResources(version, resources) { Changed = [key] };
    }

    private static async Task<AdsTestServer> StartAsync()
    {
        var server = await AdsTestServer.StartAsync();
        server.Ads.Publish(new FakeResources("1", First));
        return server;
    }

    private static async Task<AdsTestClient> SubscribedAsync(AdsTestServer server, string type, params string[] names)
    {
        var client = server.Connect();
        await client.SendAsync(type, names, node: AdsTestServer.Node());
        await client.AckAsync(await client.ReceiveAsync(), names);
        await SettleAsync(client, "l1");
        return client;
    }

    /// <summary>Requests are taken in turn: with the answer to one, the answers before it were taken.</summary>
    private static async Task SettleAsync(AdsTestClient client, params string[] listeners)
    {
        await client.SendAsync(Lds, listeners);
        Assert.Equal(Lds, (await client.ReceiveAsync()).TypeUrl);
    }
}
