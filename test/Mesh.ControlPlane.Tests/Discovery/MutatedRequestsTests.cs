using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.ControlPlane.Tests.Grpc;
using ProxylessMesh.Testing;
using ProxylessMesh.Testing.Mutations;
using ProxylessMesh.Xds.Grpc;
using static ProxylessMesh.ControlPlane.Tests.Discovery.FakeResources;

namespace ProxylessMesh.ControlPlane.Tests.Discovery;

/// <summary>Requests that are almost right, over real connections: each ends in a status, none in an exception, and a client beside them is served.</summary>
public sealed class MutatedRequestsTests
{
    private const int Rounds = 1500;
    private const int HandlerFailed = 4200;
    private const string Ports = """[{"name":"http","containerPort":9080,"protocol":"TCP"}]""";

    [Fact]
    public async Task State_of_the_world() => await AttackAsync(
        WellKnownMethods.StreamAggregatedResources.Path,
        new DiscoveryRequest { TypeUrl = Rds, ResourceNames = { "r1", "r2" }, Node = AdsTestServer.Node(ports: Ports), VersionInfo = "1", ResponseNonce = "n" });

    [Fact]
    public async Task Delta() => await AttackAsync(
        WellKnownMethods.DeltaAggregatedResources.Path,
        new DeltaDiscoveryRequest
        {
            TypeUrl = Rds,
            ResourceNamesSubscribe = { "r1", "*" },
            ResourceNamesUnsubscribe = { "r2" },
            InitialResourceVersions = { ["r1"] = "1", ["gone"] = "2" },
            Node = AdsTestServer.Node(ports: Ports),
        });

    private static async Task AttackAsync(string method, IMessage good)
    {
        await using var server = await AdsTestServer.StartAsync(new AdsSettings { StreamBurst = 2 * Rounds });
        server.Ads.Publish(new FakeResources("1", new() { [(Rds, "r1")] = "R1" }));
        await using var neighbour = server.ConnectDelta();
        await neighbour.SendAsync(Rds, ["r1"], node: AdsTestServer.Node(id: "neighbour"));
        await neighbour.ReceiveAndAckAsync();
        using var client = new HttpClient();
        var mutator = new WireMutator(method.Length);
        var statuses = new HashSet<string>();
        for (var round = 0; round < Rounds; round++)
        {
            // A good one first, so that the stream begins, then one that is not; or the reverse.
            byte[][] frames = round % 2 == 0 ? [Frame(mutator.Mutate(good.ToByteArray()))] : [Frame(good.ToByteArray()), Frame(mutator.Mutate(good.ToByteArray()))];
            statuses.Add(await StatusAsync(client, new Uri(server.Address, method), [.. frames.SelectMany(f => f)]));
        }

        Assert.DoesNotContain(server.ServerLogs.Entries, e => e.Id.Id == HandlerFailed);
        Assert.Contains("0", statuses);
        Assert.Contains("3", statuses);
        await Task.Run(async () =>
        {
            while (server.Ads.Clients.Length > 1 || server.Registry.Current.Length > 0)
            {
                await Task.Yield();
            }
        }).WaitAsync(GrpcTestServer.Patience);
        server.Ads.Publish(new FakeResources("2", new() { [(Rds, "r1")] = "R2" }));
        Assert.Equal("RouteConfiguration 2: R2", await neighbour.ReceiveTextAsync());
    }

    private static async Task<string> StatusAsync(HttpClient client, Uri address, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        using var response = await client.SendAsync(request).WaitAsync(GrpcTestServer.Patience);
        await response.Content.ReadAsByteArrayAsync().WaitAsync(GrpcTestServer.Patience);
        return response.Headers.Concat(response.TrailingHeaders).Single(h => h.Key == "grpc-status").Value.Single();
    }

    private static byte[] Frame(byte[] message)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }
}
