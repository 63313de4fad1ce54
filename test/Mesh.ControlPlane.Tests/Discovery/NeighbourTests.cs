using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.ControlPlane.Tests.Grpc;
using ProxylessMesh.Xds.Grpc;
using static ProxylessMesh.ControlPlane.Tests.Discovery.FakeResources;

namespace ProxylessMesh.ControlPlane.Tests.Discovery;

/// <summary>As <see cref="AdsOverloadTests"/> for state of the world, and each time a well-behaved client beside it gets its change.</summary>
public sealed class NeighbourTests
{
    [Fact]
    public async Task A_client_that_never_acknowledges()
    {
        await using var server = await StartAsync();
        await using var neighbour = await NeighbourAsync(server);
        await using var silent = server.Connect();
        await silent.SendAsync(Rds, ["r1"], node: AdsTestServer.Node());
        Assert.Equal("RouteConfiguration 1: R1", await silent.ReceiveTextAsync());

        for (var i = 2; i < 100; i++)
        {
            Publish(server, i);
            Assert.Equal($"RouteConfiguration {i}: R{i}", await silent.ReceiveTextAsync());
            Assert.Equal($"RouteConfiguration {i}: R{i}", await neighbour.ReceiveAndAckAsync());
        }
    }

    [Fact]
    public async Task A_client_that_refuses_for_ever()
    {
        await using var server = await StartAsync();
        await using var neighbour = await NeighbourAsync(server);
        await using var client = server.Connect();
        await client.SendAsync(Rds, ["r1"], node: AdsTestServer.Node());
        for (var i = 2; i < 200; i++)
        {
            var response = await client.ReceiveAsync();
            await client.SendAsync(Rds, ["r1"], response.Nonce, error: $"reason {i}: {new string('x', 100_000)}");
            Publish(server, i);
            Assert.Equal($"RouteConfiguration {i}: R{i}", await neighbour.ReceiveAndAckAsync());
        }

        Assert.InRange(server.Logs.Entries.Count(e => e.Id.Id == 4203), 1, 100);
        Assert.All(server.Ads.Clients.SelectMany(c => c.Types).SelectMany(t => t.Refused), r => Assert.InRange(r.Error.Length, 1, Refusals.MaxText));
    }

    [Fact]
    public async Task A_client_that_asks_for_a_million_names()
    {
        await using var server = await StartAsync();
        await using var neighbour = await NeighbourAsync(server);
        await using var greedy = server.Connect();
        try
        {
            await greedy.SendAsync(Rds, [.. Enumerable.Range(0, 1_000_000).Select(n => $"{n}")], node: AdsTestServer.Node());
        }
        catch (GrpcException)
        {
            // Why, the stream says.
        }

        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await greedy.FailAsync()).Status);
        Publish(server, 2);
        Assert.Equal("RouteConfiguration 2: R2", await neighbour.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_client_that_asks_without_end()
    {
        await using var server = await StartAsync();
        await using var neighbour = await NeighbourAsync(server);
        await using var busy = server.Connect();
        await busy.SendAsync(Rds, ["r1"], node: AdsTestServer.Node());
        using var enough = new CancellationTokenSource();
        var asking = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await busy.SendAsync(Rds, ["r1", "r2"], nonce: "stale");
            }
        });

        for (var i = 2; i < 50; i++)
        {
            Publish(server, i);
            Assert.Equal($"RouteConfiguration {i}: R{i}", await neighbour.ReceiveAndAckAsync());
        }

        await enough.CancelAsync();
        await asking;
    }

    [Fact]
    public async Task Clients_with_huge_metadata_are_served_and_what_they_said_is_not_kept()
    {
        const int Clients = 20;
        const long Each = 2 << 20;
        await using var server = await StartAsync();
        await using var neighbour = await NeighbourAsync(server);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clients = new List<AdsTestClient>();
        for (var i = 0; i < Clients; i++)
        {
            clients.Add(server.Connect());
            await IntroduceAsync(clients[i], i, count: 60_000);
            await clients[i].ReceiveAsync();
        }

        // 60,000 values are 4 MB when they are objects, which nothing needs after the first look. Other tests may hold memory meanwhile.
        await Task.Run(async () =>
        {
            while (GC.GetTotalMemory(forceFullCollection: true) - before > Clients * Each)
            {
                await Task.Yield();
            }
        }).WaitAsync(GrpcTestServer.Patience);
        Publish(server, 2);
        Assert.Equal("RouteConfiguration 2: R2", await neighbour.ReceiveTextAsync());
        Assert.Equal("RouteConfiguration 2: R2", await clients[0].ReceiveTextAsync());
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_client_whose_metadata_are_as_small_on_the_wire_as_they_are_large_in_memory()
    {
        await using var server = await StartAsync();
        await using var neighbour = await NeighbourAsync(server);
        await using var client = server.Connect();
        var node = AdsTestServer.Node();
        var values = new ListValue();
        values.Values.AddRange(Enumerable.Range(0, 1_000_000).Select(_ => new Value()));
        node.Metadata.Fields["ANNOTATIONS"] = new Value { ListValue = values };

        await client.SendAsync(Rds, ["r1"], node: node);

        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await client.FailAsync()).Status);
        Publish(server, 2);
        Assert.Equal("RouteConfiguration 2: R2", await neighbour.ReceiveTextAsync());
    }

    [Fact]
    public async Task Clients_that_do_not_read()
    {
        await using var server = await AdsTestServer.StartAsync(new AdsSettings { ConcurrentPushes = 1 });
        server.Ads.Publish(Large("1"));
        await using var neighbour = await NeighbourAsync(server);
        var slow = Enumerable.Range(0, 10).Select(_ => server.Connect()).ToList();
        foreach (var client in slow)
        {
            await client.SendAsync(Cds, ["large"], node: AdsTestServer.Node());
        }

        for (var i = 2; i < 20; i++)
        {
            server.Ads.Publish(Large($"{i}"));
            Assert.Equal($"RouteConfiguration {i}: R{i}", await neighbour.ReceiveAndAckAsync());
        }

        foreach (var client in slow)
        {
            await client.DisposeAsync();
        }
    }

    private static FakeResources Large(string version) => new(version, new() { [(Rds, "r1")] = $"R{version}", [(Cds, "large")] = new string('x', 2_000_000) });

    private static void Publish(AdsTestServer server, int version) => server.Ads.Publish(new FakeResources($"{version}", new() { [(Rds, "r1")] = $"R{version}" }));

    private static async Task<AdsTestServer> StartAsync()
    {
        var server = await AdsTestServer.StartAsync();
        Publish(server, 1);
        return server;
    }

    private static async Task<DeltaTestClient> NeighbourAsync(AdsTestServer server)
    {
        var neighbour = server.ConnectDelta();
        await neighbour.SendAsync(Rds, ["r1"], node: AdsTestServer.Node(id: "neighbour"));
        await neighbour.ReceiveAndAckAsync();
        return neighbour;
    }

    /// <summary>By itself, so that nothing here holds what is sent.</summary>
    private static Task IntroduceAsync(AdsTestClient client, int number, int count)
    {
        var node = AdsTestServer.Node(id: $"huge-{number}");
        var values = new ListValue();
        values.Values.AddRange(Enumerable.Range(0, count).Select(n => Value.ForBool(n % 2 == 0)));
        node.Metadata.Fields["ANNOTATIONS"] = new Value { ListValue = values };
        return client.SendAsync(Rds, ["r1"], node: node);
    }
}
