using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Envoy.Admin.V3;
using Envoy.Config.Cluster.V3;
using Envoy.Service.Status.V3;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Server.Admin;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.FunctionalTests.Admin;

/// <summary>gRFC A40 on the admin endpoint of an app, asked as grpcdebug and curl ask.</summary>
public sealed class AdminEndpointTests
{
    private const string Cluster = "type.googleapis.com/envoy.config.cluster.v3.Cluster";

    [Fact]
    public async Task Tells_what_the_app_has_over_grpc_and_as_json()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("reviews.yaml", Yaml.Service("reviews")), ("ratings.yaml", Yaml.Service("ratings")));
        await mesh.StartWorkloadAsync("ratings");
        var (app, admin) = await StartAsync(mesh, "127.0.0.1:0");
        using var channel = new GrpcChannel(admin, new(), null, TimeProvider.System);

        var config = Assert.Single((await channel.UnaryAsync(WellKnownMethods.FetchClientStatus, new ClientStatusRequest(), GrpcCallOptions.None, CancellationToken.None)).Config);

        Assert.Equal("#process", config.ClientScope);
        Assert.Contains("reviews-v1", config.Node.Id, StringComparison.Ordinal);
        var cluster = config.GenericXdsConfigs.Single(c => c.TypeUrl == Cluster && c.Name.Contains("ratings", StringComparison.Ordinal));
        Assert.Equal(ClientResourceStatus.Acked, cluster.ClientStatus);
        Assert.NotEmpty(cluster.VersionInfo);
        Assert.NotNull(cluster.LastUpdated);
        Assert.Equal(cluster.Name, cluster.XdsConfig.Unpack<Cluster>().Name);
        Assert.All(config.GenericXdsConfigs, c => Assert.Null(c.ErrorState));

        // A stream answers as often as it is asked.
        await using var stream = channel.Duplex(WellKnownMethods.StreamClientStatus, GrpcCallOptions.None);
        for (var i = 0; i < 2; i++)
        {
            await stream.WriteAsync(new ClientStatusRequest { ExcludeResourceContents = true }, CancellationToken.None);
            var answer = await stream.ReadAsync(CancellationToken.None);
            Assert.All(answer!.Config.Single().GenericXdsConfigs, c => Assert.Null(c.XdsConfig));
        }

        using var http = new HttpClient { BaseAddress = admin };
        using var json = JsonDocument.Parse(await http.GetStringAsync("/config_dump"));
        var server = Assert.Single(json.RootElement.GetProperty("servers").EnumerateArray());
        Assert.True(server.GetProperty("connected").GetBoolean());
        Assert.Equal("#old", server.GetProperty("used_for")[0].GetString());
        var resources = json.RootElement.GetProperty("types").EnumerateArray().SelectMany(t => t.GetProperty("resources").EnumerateArray());
        Assert.Contains(resources, r => r.GetProperty("name").GetString() == cluster.Name && r.GetProperty("status").GetString() == "ACKED");
        Assert.Contains(app.Logs.Entries, e => e.Id.Id == 1170);
    }

    [Fact]
    public async Task Refuses_what_it_does_not_do_and_pages_that_borrow_a_name()
    {
        await using var mesh = await MeshEnvironment.StartAsync();
        var (app, admin) = await StartAsync(mesh, "127.0.0.1:0");
        using var channel = new GrpcChannel(admin, new(), null, TimeProvider.System);
        var failure = await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(
            WellKnownMethods.FetchClientStatus, new ClientStatusRequest { NodeMatchers = { new Envoy.Type.Matcher.V3.NodeMatcher() } }, GrpcCallOptions.None, CancellationToken.None));
        Assert.Equal(GrpcStatusCode.InvalidArgument, failure.Status);

        using var http = new HttpClient { BaseAddress = admin };
        using var elsewhere = await http.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        using var plain = await http.PostAsync(WellKnownMethods.FetchClientStatus.Path, null);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, plain.StatusCode);
        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/config_dump") { Headers = { Host = "evil.example" } };
        using var refused = await http.SendAsync(rebound);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, refused.StatusCode);
        Assert.DoesNotContain(app.Logs.Entries, e => e.Id.Id == 1171);
    }

    [Fact]
    public async Task Bytes_that_are_no_request_cost_their_call_only()
    {
        await using var mesh = await MeshEnvironment.StartAsync();
        var (_, admin) = await StartAsync(mesh, "127.0.0.1:0");
        using var channel = new GrpcChannel(admin, new(), null, TimeProvider.System);
        using var http = new HttpClient { BaseAddress = admin };
        foreach (var (body, status) in new (byte[] Body, string Status)[]
        {
            ([], "13"),
            ([0, 0, 0], "13"),
            ([7, 0, 0, 0, 0], "13"),
            ([1, 0, 0, 0, 0], "12"),
            ([0, 0, 0, 0, 2, 0xff, 0xff], "13"),
            ([0, 0x7f, 0xff, 0xff, 0xff], "8"),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, WellKnownMethods.FetchClientStatus.Path)
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/grpc") } },
            };
            using var response = await http.SendAsync(request);
            Assert.Equal(status, response.Headers.GetValues("grpc-status").Single());
        }

        using (var noise = new TcpClient())
        {
            await noise.ConnectAsync(IPAddress.Loopback, admin.Port);
            await noise.GetStream().WriteAsync(new byte[] { 0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5 });
        }

        Assert.Single((await channel.UnaryAsync(WellKnownMethods.FetchClientStatus, new ClientStatusRequest(), GrpcCallOptions.None, CancellationToken.None)).Config);
    }

    [Fact]
    public async Task Is_off_by_default_and_says_so_when_others_can_reach_it()
    {
        await using var mesh = await MeshEnvironment.StartAsync();
        var (_, off) = await StartAsync(mesh, null);
        Assert.Null(off);

        var (open, address) = await StartAsync(mesh, "0.0.0.0:0", "open");
        Assert.NotNull(address);
        Assert.Contains(open.Logs.Entries, e => e.Id.Id == 1171);
    }

    private static async Task<(WorkloadApp App, Uri Admin)> StartAsync(MeshEnvironment mesh, string? address, string name = "reviews")
    {
        AdminEndpoint? endpoint = null;
        var app = await mesh.StartWorkloadAsync(
            name,
            map: a => endpoint = a.Services.GetServices<IHostedService>().OfType<AdminEndpoint>().Single(),
            configure: o =>
            {
                o.Admin.Address = address;
                o.Dependencies.Add("ratings:9080");
            });
        return (app, endpoint!.Address!);
    }
}
