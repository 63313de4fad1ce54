using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.ControlPlane.Tests.Grpc;
using ProxylessMesh.Xds.Grpc;
using static ProxylessMesh.ControlPlane.Tests.Discovery.FakeResources;

namespace ProxylessMesh.ControlPlane.Tests.Discovery;

/// <summary>State of the world, request by request. That nothing is answered is seen by the next answer being another's.</summary>
public sealed class AdsProtocolTests
{
    private static readonly FakeResources First = new("1", new(OfEachType));

    [Fact]
    public async Task Rule30_a_subscription_is_answered_and_its_ack_is_not()
    {
        await using var server = await StartAsync();
        await using var client = server.Connect();

        await client.SendAsync(Lds, ["l1"], node: AdsTestServer.Node());
        var response = await client.ReceiveAsync();
        await client.AckAsync(response, "l1");
        await client.SendAsync(Rds, ["r1"]);

        Assert.Equal("Listener 1: L1", AdsTestClient.Describe(response));
        Assert.Equal("mesh", response.ControlPlane.Identifier);
        Assert.Equal("RouteConfiguration 1: R1", await client.ReceiveTextAsync());
        Assert.Equal("1", Assert.Single(server.Ads.Clients).Types.Single(t => t.TypeUrl == Lds).AckedVersion);
    }

    [Fact]
    public async Task Rule30_names_added_bring_the_full_list_and_names_dropped_bring_nothing()
    {
        await using var server = await StartAsync();
        await using var client = server.Connect();

        await client.SendAsync(Cds, ["c1"], node: AdsTestServer.Node());
        await client.AckAsync(await client.ReceiveAsync(), "c1", "c2");
        var full = await client.ReceiveAsync();
        await client.AckAsync(full, "c2");
        await client.SendAsync(Rds, ["r1"]);

        Assert.Equal("Cluster 1: C1, C2", AdsTestClient.Describe(full));
        Assert.Equal("RouteConfiguration 1: R1", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Rule04_32_a_stale_nonce_is_ignored()
    {
        await using var server = await StartAsync();
        await using var client = server.Connect();

        await client.SendAsync(Eds, ["c1"], node: AdsTestServer.Node());
        var first = await client.ReceiveAsync();
        await client.SendAsync(Eds, ["c1", "c2"], first.Nonce);
        var second = await client.ReceiveAsync();
        await client.SendAsync(Eds, ["c1", "c2", "c3"], first.Nonce);
        await client.SendAsync(Rds, ["r1"]);
        var third = await client.ReceiveTextAsync();
        await client.AckAsync(second, "c1", "c2", "c3");

        Assert.Equal("RouteConfiguration 1: R1", third);
        Assert.Equal("ClusterLoadAssignment 1: E1, E2; missing: c3", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_second_request_before_the_first_answer_is_answered_too()
    {
        await using var server = await StartAsync();
        await using var client = server.Connect();

        await client.SendAsync(Eds, ["c1"], node: AdsTestServer.Node());
        await client.SendAsync(Eds, ["c1", "c2"]);

        Assert.Equal("ClusterLoadAssignment 1: E1", await client.ReceiveTextAsync());
        Assert.Equal("ClusterLoadAssignment 1: E1, E2", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Rule30_a_nack_is_logged_shown_and_not_answered()
    {
        await using var server = await StartAsync();
        await using var client = server.Connect();

        await client.SendAsync(Cds, ["c1"], node: AdsTestServer.Node());
        var response = await client.ReceiveAsync();
        await client.SendAsync(Cds, ["c1"], response.Nonce, error: "c1: no such\nthing");
        await client.SendAsync(Rds, ["r1"]);

        Assert.Equal("RouteConfiguration 1: R1", await client.ReceiveTextAsync());
        var status = Assert.Single(server.Ads.Clients).Types.Single(t => t.TypeUrl == Cds);
        Assert.Equal("c1: no such\nthing", status.NackError);
        Assert.Null(status.AckedVersion);
        var entry = Assert.Single(server.Logs.Entries, e => e.Id.Id == 4203);
        Assert.Contains("c1: no such thing", entry.Text, StringComparison.Ordinal);
        Assert.Contains("reviews-v1-00000001", entry.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_nack_that_adds_a_name_gets_it()
    {
        await using var server = await StartAsync();
        await using var client = server.Connect();

        await client.SendAsync(Cds, ["c1"], node: AdsTestServer.Node());
        var response = await client.ReceiveAsync();
        await client.SendAsync(Cds, ["c1", "c2"], response.Nonce, error: "bad");

        Assert.Equal("Cluster 1: C1, C2", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Rule18_what_does_not_exist_is_told_once()
    {
        await using var server = await StartAsync();
        await using var client = server.Connect();

        await client.SendAsync(Lds, ["l1", "nowhere:80"], node: AdsTestServer.Node());
        var response = await client.ReceiveAsync();
        await client.AckAsync(response, "l1", "nowhere:80", "elsewhere:80");

        Assert.Equal("Listener 1: L1; missing: nowhere:80", AdsTestClient.Describe(response));
        Assert.Equal(5, Assert.Single(response.ResourceErrors).ErrorDetail.Code);
        Assert.Equal("Listener 1: L1; missing: elsewhere:80", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Rule06_a_first_empty_list_of_clusters_means_all_until_a_name_is_sent()
    {
        await using var server = await StartAsync();
        await using var client = server.Connect();

        await client.SendAsync(Cds, [], node: AdsTestServer.Node());
        var all = await client.ReceiveAsync();
        await client.AckAsync(all);
        await client.AckAsync(all, "c1");
        var named = await client.ReceiveAsync();
        await client.AckAsync(named);
        await client.SendAsync(Rds, ["r1"]);
        Assert.Equal("Cluster 1: C1, C2", AdsTestClient.Describe(all));
        Assert.Equal("Cluster 1: C1", AdsTestClient.Describe(named));
        Assert.Equal("RouteConfiguration 1: R1", await client.ReceiveTextAsync());

        server.Ads.Publish(new FakeResources("2", new() { [(Cds, "c1")] = "C1'", [(Rds, "r1")] = "R1'" }));
        Assert.Equal("RouteConfiguration 2: R1'", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Rule06_a_star_means_all_and_names_stay_when_it_goes()
    {
        await using var server = await StartAsync();
        await using var client = server.Connect();

        await client.SendAsync(Cds, ["c1"], node: AdsTestServer.Node());
        await client.AckAsync(await client.ReceiveAsync(), "*", "c1");
        var all = await client.ReceiveAsync();
        await client.AckAsync(all, "c1");
        await client.SendAsync(Rds, ["r1"]);
        Assert.Equal("Cluster 1: C1, C2", AdsTestClient.Describe(all));
        Assert.Equal("RouteConfiguration 1: R1", await client.ReceiveTextAsync());

        server.Ads.Publish(new FakeResources("2", new() { [(Cds, "c1")] = "C1'", [(Cds, "c2")] = "C2'", [(Rds, "r1")] = "R1" }));
        Assert.Equal("Cluster 2: C1'", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Rule06_an_empty_list_of_endpoints_means_none()
    {
        await using var server = await StartAsync();
        await using var client = server.Connect();

        await client.SendAsync(Eds, [], node: AdsTestServer.Node());
        await client.SendAsync(Rds, ["r1"]);

        Assert.Equal("RouteConfiguration 1: R1", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Rule15_a_new_stream_is_answered_in_full_even_with_the_current_version()
    {
        await using var server = await StartAsync();
        await using var client = server.Connect();

        await client.SendAsync(Cds, ["c1"], nonce: "of another stream", version: "1", node: AdsTestServer.Node());

        Assert.Equal("Cluster 1: C1", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_type_that_is_not_served_is_ignored()
    {
        await using var server = await StartAsync();
        await using var client = server.Connect();

        await client.SendAsync("type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret", ["default"], node: AdsTestServer.Node());
        await client.SendAsync(Rds, ["r1"]);

        Assert.Equal("RouteConfiguration 1: R1", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task What_cannot_be_translated_hurts_nothing_else()
    {
        await using var server = await StartAsync();
        await using var client = server.Connect();
        await client.SendAsync(Cds, ["c1", "c2"], node: AdsTestServer.Node());
        await client.ReceiveAsync();

        server.Ads.Publish(new FakeResources("2", new() { [(Cds, "c1")] = Broken, [(Cds, "c2")] = "C2'" }));

        Assert.Equal("Cluster 2: C1, C2'", await client.ReceiveTextAsync());
        Assert.Contains(server.Logs.Entries, entry => entry.Id.Id == 4209);
    }

    [Fact]
    public async Task Rule31_before_there_is_a_configuration_clients_are_sent_away()
    {
        await using var server = await AdsTestServer.StartAsync();
        await using var client = server.Connect();

        Assert.Equal(GrpcStatusCode.Unavailable, (await client.FailAsync()).Status);
    }

    [Fact]
    public async Task Stopping_sends_clients_away()
    {
        await using var server = await StartAsync();
        await using var client = server.Connect();
        await client.SendAsync(Rds, ["r1"], node: AdsTestServer.Node());
        await client.ReceiveAsync();

        await server.Ads.StopAsync();

        Assert.Equal(GrpcStatusCode.Unavailable, (await client.FailAsync()).Status);
    }

    private static Task<AdsTestServer> StartAsync(AdsSettings? settings = null) => AdsTestServer.StartAsync(First, settings);
}
