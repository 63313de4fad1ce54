using Envoy.Service.Discovery.V3;
using static ProxylessMesh.ControlPlane.Tests.Discovery.FakeResources;

namespace ProxylessMesh.ControlPlane.Tests.Discovery;

public sealed class AdsPushTests
{
    private static readonly Dictionary<(string, string), string> First = new()
    {
        [(Cds, "c1")] = "C1",
        [(Eds, "c1")] = "E1",
        [(Lds, "l1")] = "L1",
        [(Rds, "r1")] = "R1",
    };

    [Fact]
    public async Task Rule28_a_push_follows_the_references()
    {
        await using var server = await StartAsync();
        await using var client = await SubscribedAsync(server);

        server.Ads.Publish(new FakeResources("2", First.ToDictionary(e => e.Key, e => e.Value + "'")));

        Assert.Equal("Cluster 2: C1'", await client.ReceiveTextAsync());
        Assert.Equal("ClusterLoadAssignment 2: E1'", await client.ReceiveTextAsync());
        Assert.Equal("Listener 2: L1'", await client.ReceiveTextAsync());
        Assert.Equal("RouteConfiguration 2: R1'", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Only_what_changed_is_pushed()
    {
        await using var server = await StartAsync();
        await using var client = await SubscribedAsync(server);

        server.Ads.Publish(new FakeResources("2", First));
        server.Ads.Publish(new FakeResources("3", With((Rds, "r1"), "R1'")));

        Assert.Equal("RouteConfiguration 3: R1'", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Rule29_endpoints_come_again_with_a_changed_cluster()
    {
        await using var server = await StartAsync();
        await using var client = await SubscribedAsync(server);

        server.Ads.Publish(new FakeResources("2", With((Cds, "c1"), "C1'")));

        Assert.Equal("Cluster 2: C1'", await client.ReceiveTextAsync());
        Assert.Equal("ClusterLoadAssignment 2: E1", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Rule28_what_vanishes_goes_after_the_routes_that_led_to_it()
    {
        await using var server = await StartAsync();
        await using var client = await SubscribedAsync(server);

        server.Ads.Publish(new FakeResources("2", new() { [(Lds, "l1")] = "L1", [(Rds, "r1")] = "R1'" }));

        Assert.Equal("RouteConfiguration 2: R1'", await client.ReceiveTextAsync());
        Assert.Equal("Cluster 2: ; missing: c1", await client.ReceiveTextAsync());
        Assert.Equal("ClusterLoadAssignment 2: ; missing: c1", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task What_was_missing_comes_when_it_exists()
    {
        await using var server = await AdsTestServer.StartAsync();
        server.Ads.Publish(new FakeResources("1", []));
        await using var client = server.Connect();
        await client.SendAsync(Lds, ["l1"], node: AdsTestServer.Node());
        Assert.Equal("Listener 1: ; missing: l1", await client.ReceiveTextAsync());

        server.Ads.Publish(new FakeResources("2", First));

        Assert.Equal("Listener 2: L1", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Rule32_a_type_that_was_never_asked_for_is_never_sent()
    {
        await using var server = await StartAsync();
        await using var client = server.Connect();
        await client.SendAsync(Rds, ["r1"], node: AdsTestServer.Node());
        await client.AckAsync(await client.ReceiveAsync(), "r1");

        server.Ads.Publish(new FakeResources("2", First.ToDictionary(e => e.Key, e => e.Value + "'")));
        server.Ads.Publish(new FakeResources("3", First.ToDictionary(e => e.Key, e => e.Value + "''")));

        DiscoveryResponse last;
        do
        {
            last = await client.ReceiveAsync();
            Assert.Equal(Rds, last.TypeUrl);
        }
        while (last.VersionInfo != "3");
    }

    [Fact]
    public async Task Rule31_a_burst_ends_in_the_last_state_with_fewer_pushes()
    {
        await using var server = await StartAsync();
        await using var client = await SubscribedAsync(server);

        for (var i = 2; i <= 1000; i++)
        {
            server.Ads.Publish(new FakeResources($"{i}", With((Rds, "r1"), $"R{i}")));
        }

        DiscoveryResponse last;
        var pushes = 0;
        do
        {
            last = await client.ReceiveAsync();
            pushes++;
        }
        while (last.VersionInfo != "1000");

        Assert.Equal("RouteConfiguration 1000: R1000", AdsTestClient.Describe(last));
        Assert.InRange(pushes, 1, 999);
    }

    private static Dictionary<(string, string), string> With((string, string) key, string value) => new(First) { [key] = value };

    private static async Task<AdsTestServer> StartAsync()
    {
        var server = await AdsTestServer.StartAsync();
        server.Ads.Publish(new FakeResources("1", First));
        return server;
    }

    private static async Task<AdsTestClient> SubscribedAsync(AdsTestServer server)
    {
        var client = server.Connect();
        (string Type, string Name)[] wanted = [(Lds, "l1"), (Rds, "r1"), (Cds, "c1"), (Eds, "c1")];
        foreach (var (type, name) in wanted)
        {
            await client.SendAsync(type, [name], node: AdsTestServer.Node());
            await client.AckAsync(await client.ReceiveAsync(), name);
        }

        return client;
    }
}
