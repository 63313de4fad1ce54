using System.Net;
using System.Text.Json.Nodes;
using Envoy.Config.Endpoint.V3;
using Envoy.Service.LoadStats.V3;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ProxylessMesh.ControlPlane.LoadReports;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Server;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.FunctionalTests.LoadReports;

/// <summary>Callers that tell the control plane what they send, over real streams.</summary>
public sealed class LoadStatsTests
{
    private const string Cluster = "outbound|9080||work.default.svc.cluster.local";

    [Fact]
    public async Task The_control_plane_shows_what_a_client_sent()
    {
        await using var mesh = await StartAsync();
        await mesh.StartWorkloadAsync("work", map: app =>
        {
            app.Services.GetRequiredService<ILoadReporter>().SetMetric("queue", 3);
            app.MapGet("/fails", () => Results.StatusCode(500));
        }, configure: options => options.LoadReports.InResponses = true);
        var client = await mesh.StartClientAsync();
        await client.UntilAsync("http://work:9080/", 200);
        var before = await UntilAsync(mesh, c => c["issued"]!.GetValue<int>() > 0 && c["inProgress"]!.GetValue<int>() == 0);
        for (var i = 0; i < 20; i++)
        {
            using var response = await client.GetAsync($"http://work:9080/{(i < 5 ? "fails" : "")}");
        }

        var after = await UntilAsync(mesh, c => Sum(c) == Sum(before) + 20);

        Assert.Equal(5, Number(after, "failed") - Number(before, "failed"));
        Assert.Equal(15, Number(after, "succeeded") - Number(before, "succeeded"));
        Assert.Equal(1, Number(after, "clients"));
        Assert.Equal(3, after["metrics"]!["named_metrics.queue"]!.GetValue<double>());
    }

    [Fact]
    public async Task Streams_come_back_after_a_restart_of_the_control_plane()
    {
        await using var mesh = await StartAsync();
        await mesh.StartWorkloadAsync("work");
        var client = await mesh.StartClientAsync();
        await client.UntilAsync("http://work:9080/", 200);
        await UntilAsync(mesh, c => Number(c, "issued") > 0);

        await mesh.StopControlPlaneAsync();
        await mesh.StartControlPlaneAsync();
        await client.AskAsync("http://work:9080/");

        await UntilAsync(mesh, c => Number(c, "issued") > 0 && Number(c, "clients") == 1);
    }

    [Fact]
    public async Task Without_the_setting_nothing_is_told_and_the_method_is_not_there()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("work.yaml", Yaml.Service("work")));
        using var channel = new GrpcChannel(mesh.Plaintext, new GrpcChannelSettings(), null, TimeProvider.System);
        await using var call = channel.Duplex(WellKnownMethods.StreamLoadStats, GrpcCallOptions.None);

        var failure = await Assert.ThrowsAsync<GrpcException>(() => call.ReadAsync(CancellationToken.None));
        Assert.Equal(GrpcStatusCode.Unimplemented, failure.Status);
    }

    [Fact]
    public async Task A_client_must_say_who_it_is()
    {
        await using var mesh = await StartAsync();
        using var channel = new GrpcChannel(mesh.Plaintext, new GrpcChannelSettings(), null, TimeProvider.System);
        await using var call = channel.Duplex(WellKnownMethods.StreamLoadStats, GrpcCallOptions.None);
        await call.WriteAsync(new LoadStatsRequest { ClusterStats = { new ClusterStats { ClusterName = "x" } } }, CancellationToken.None);

        var failure = await Assert.ThrowsAsync<GrpcException>(() => call.ReadAsync(CancellationToken.None));
        Assert.Equal(GrpcStatusCode.InvalidArgument, failure.Status);
    }

    [Fact]
    public async Task A_client_that_floods_is_sent_away()
    {
        await using var mesh = await StartAsync(TimeSpan.FromHours(1));
        using var channel = new GrpcChannel(mesh.Plaintext, new GrpcChannelSettings(), null, TimeProvider.System);
        await using var call = channel.Duplex(WellKnownMethods.StreamLoadStats, GrpcCallOptions.None);
        await call.WriteAsync(new LoadStatsRequest { Node = new() { Id = "flood" } }, CancellationToken.None);
        await call.ReadAsync(CancellationToken.None);

        // The first said who it is; with the eleventh request the server has had enough.
        for (var i = 0; i < 10; i++)
        {
            await call.WriteAsync(new LoadStatsRequest { ClusterStats = { new ClusterStats { ClusterName = "x" } } }, CancellationToken.None);
        }

        var failure = await Assert.ThrowsAsync<GrpcException>(() => call.ReadAsync(CancellationToken.None));
        Assert.Equal(GrpcStatusCode.ResourceExhausted, failure.Status);
    }

    private static Task<MeshEnvironment> StartAsync(TimeSpan? interval = null) => MeshEnvironment.StartAsync(
        options => options with
        {
            AdminAddress = new IPEndPoint(IPAddress.Loopback, 0),
            LoadReports = new LoadReportSettings { Interval = interval ?? TimeSpan.FromSeconds(1) },
            Mesh = options.Mesh with { LoadReports = true },
        },
        ("work.yaml", Yaml.Service("work")));

    private static int Number(JsonNode cluster, string name) => cluster[name]!.GetValue<int>();

    private static int Sum(JsonNode cluster) => Number(cluster, "succeeded") + Number(cluster, "failed");

    private static async Task<JsonNode> UntilAsync(MeshEnvironment mesh, Predicate<JsonNode> condition)
    {
        using var http = new HttpClient();
        JsonNode? found = null;
        var last = "";
        await Poll.UntilAsync(
            async () =>
            {
                last = await http.GetStringAsync($"http://{mesh.Plane.AdminEndPoint}/debug/loadz");
                found = JsonNode.Parse(last)!.AsArray().FirstOrDefault(c => c!["cluster"]!.GetValue<string>() == Cluster);
                return found is not null && condition(found);
            },
            () => $"/debug/loadz shows {last}");
        return found!;
    }
}
