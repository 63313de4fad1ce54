using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.ControlPlane.Tests.Grpc;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Grpc;
using static ProxylessMesh.ControlPlane.Tests.Discovery.FakeResources;

namespace ProxylessMesh.ControlPlane.Tests.Discovery;

public sealed class AdsAdmissionTests
{
    private const string Reviews = "spiffe://cluster.local/ns/default/sa/reviews";
    private const string Ports = """[{"name":"http","containerPort":9080,"protocol":"TCP"}]""";

    private static readonly FakeResources Mesh = new("1", new() { [(Rds, "r1")] = "R1" });

    [Fact]
    public async Task Rule01_the_first_request_must_carry_a_node()
    {
        await using var server = await StartAsync();
        await using var client = server.Connect();

        await client.SendAsync(Rds, ["r1"]);

        Assert.Equal(GrpcStatusCode.InvalidArgument, (await client.FailAsync()).Status);
    }

    [Theory]
    [InlineData("other", "reviews")]
    [InlineData("default", "other")]
    public async Task Nobody_acts_for_another(string ns, string serviceAccount)
    {
        await using var server = await StartAsync();
        await using var client = server.Connect(Reviews);

        await client.SendAsync(Rds, ["r1"], node: AdsTestServer.Node(ns, serviceAccount, Ports));

        Assert.Equal(GrpcStatusCode.PermissionDenied, (await client.FailAsync()).Status);
        Assert.Empty(server.Registry.Current);
        Assert.Empty(server.Ads.Clients);
    }

    [Fact]
    public async Task A_caller_without_proof_is_refused_where_one_is_asked_for()
    {
        await using var server = await StartAsync();
        await using var client = server.Connect("refused");

        Assert.Equal(GrpcStatusCode.Unauthenticated, (await client.FailAsync()).Status);
    }

    [Fact]
    public async Task A_workload_is_registered_while_its_stream_lives()
    {
        await using var server = await StartAsync();
        await using var client = server.Connect(Reviews);
        await client.SendAsync(Rds, ["r1"], node: AdsTestServer.Node(ports: Ports));
        await client.ReceiveAsync();

        var workload = Assert.Single(server.Registry.Current);
        Assert.Equal(("default", "reviews-v1", "reviews", "127.0.0.1"), (workload.Namespace, workload.Name, workload.ServiceAccount, workload.Address));
        Assert.Equal(KeyValuePair.Create("http", 9080), Assert.Single(workload.Ports));
        Assert.True(workload is { Authenticated: true, AcceptsMutualTls: true });
        Assert.Equal(Reviews, Assert.Single(server.Ads.Clients).Identity?.ToString());

        var gone = new TaskCompletionSource();
        server.Registry.Changed += gone.SetResult;
        await client.DisposeAsync();
        await gone.Task.WaitAsync(GrpcTestServer.Patience);

        Assert.Empty(server.Registry.Current);
    }

    [Fact]
    public async Task Without_proof_there_is_no_mutual_tls_to_announce()
    {
        await using var server = await StartAsync();
        await using var client = server.Connect();

        await client.SendAsync(Rds, ["r1"], node: AdsTestServer.Node(ports: Ports));
        await client.ReceiveAsync();

        Assert.True(Assert.Single(server.Registry.Current) is { Authenticated: false, AcceptsMutualTls: false });
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("[]")]
    public async Task A_client_that_serves_nothing_is_no_workload(string? ports)
    {
        await using var server = await StartAsync();
        await using var client = server.Connect(Reviews);

        await client.SendAsync(Rds, ["r1"], node: AdsTestServer.Node(ports: ports));
        await client.ReceiveAsync();

        Assert.Empty(server.Registry.Current);
        Assert.Single(server.Ads.Clients);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("[1]")]
    [InlineData("[{}]")]
    [InlineData("""[{"containerPort":"80"}]""")]
    [InlineData("""[{"containerPort":0}]""")]
    [InlineData("""[{"containerPort":65536}]""")]
    [InlineData("""[{"containerPort":1e99}]""")]
    [InlineData("""[{"name":5,"containerPort":80}]""")]
    public async Task Ports_that_cannot_be_read_are_refused(string ports)
    {
        await using var server = await StartAsync();
        await using var client = server.Connect(Reviews);

        await client.SendAsync(Rds, ["r1"], node: AdsTestServer.Node(ports: ports));

        Assert.Equal(GrpcStatusCode.InvalidArgument, (await client.FailAsync()).Status);
    }

    [Fact]
    public async Task Too_many_names_and_too_long_names_end_the_stream()
    {
        await using var server = await StartAsync(new AdsSettings { MaxNamesPerType = 3, MaxNameLength = 10 });
        await using var many = server.Connect();
        await using var longer = server.Connect();

        await many.SendAsync(Rds, ["1", "2", "3", "4"], node: AdsTestServer.Node());
        await longer.SendAsync(Rds, ["12345678901"], node: AdsTestServer.Node());

        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await many.FailAsync()).Status);
        Assert.Equal(GrpcStatusCode.InvalidArgument, (await longer.FailAsync()).Status);
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_disconnected()
    {
        var time = new FakeTime();
        await using var server = await AdsTestServer.StartAsync(new AdsSettings { FirstRequestTimeout = Timeout.InfiniteTimeSpan }, time);
        server.Ads.Publish(new FakeResources("1", new() { [(Rds, "r1")] = new string('x', 20_000_000) }));
        await using var client = server.Connect();

        // It takes the headers and the first window, then no more: 20 MB cannot be in flight.
        await client.SendAsync(Rds, ["r1"], node: AdsTestServer.Node());
        await Task.Run(async () =>
        {
            while (time.ArmedTimers == 0)
            {
                await Task.Yield();
            }
        }).WaitAsync(GrpcTestServer.Patience);

        time.Advance(TimeSpan.FromSeconds(30));

        Assert.NotEqual(GrpcStatusCode.Ok, (await client.FailAsync()).Status);
        Assert.Contains(server.Logs.Entries, entry => entry.Id.Id == 4204);
    }

    private static Task<AdsTestServer> StartAsync(AdsSettings? settings = null) => AdsTestServer.StartAsync(Mesh, settings);
}
