using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Server;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.LoadReports;
using Xds.Service.Orca.V3;

namespace ProxylessMesh.FunctionalTests.LoadReports;

/// <summary>Servers that tell their load, and callers that go by it.</summary>
public sealed class ReportedWeightTests
{
    private const string Rule = """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: { name: work, namespace: default }
        spec:
          host: work
          trafficPolicy:
            loadBalancer:
              backendUtilization: { weightStabilizationPeriod: 0s, weightUpdatePeriod: 100ms }
        """;

    [Fact]
    public async Task Calls_follow_the_utilization_that_three_servers_report()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("work.yaml", $"{Yaml.Service("work")}\n---\n{Rule}"));
        foreach (var (version, busy) in (List<(string, double)>)[("v1", 0.2), ("v2", 0.4), ("v3", 0.8)])
        {
            await mesh.StartWorkloadAsync("work", version, app => Tell(app, busy), options => options.LoadReports.InResponses = true);
        }

        var client = await mesh.StartClientAsync();
        await client.UntilAllAnswerAsync("http://work:9080/", "work-v1", "work-v2", "work-v3");

        // Weights 500, 250 and 125: of 140 calls 80, 40 and 20.
        Dictionary<string, int> counts = [];
        await Poll.UntilAsync(
            async () =>
            {
                counts = await client.CountAsync("http://work:9080/", 140);
                return Math.Abs(counts["work-v1"] - 80) <= 2 && Math.Abs(counts["work-v2"] - 40) <= 2 && Math.Abs(counts["work-v3"] - 20) <= 2;
            },
            () => $"the split is {string.Join(", ", counts)}");
    }

    [Fact]
    public async Task A_grpc_call_tells_in_its_trailers_and_a_response_in_its_headers_what_the_request_said()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("greeter.yaml", Yaml.Service("greeter")));
        var greeter = new Greeter();
        await mesh.StartWorkloadAsync(
            "greeter",
            map: app =>
            {
                Tell(app, 0.5);
                greeter.Map(app);
                app.MapGet("/special", (HttpContext context) => context.GetRequestLoad().ApplicationUtilization = 0.75);
            },
            configure: options => options.LoadReports.InResponses = true);
        var client = await mesh.StartClientAsync();

        using var response = await client.UntilAsync("http://greeter:9080/special", 200);
        Assert.Equal(0.75, Read(response.Headers.GetValues("endpoint-load-metrics-bin")).ApplicationUtilization);

        using var grpc = new MeshGrpc(client.Mesh);
        using var called = await grpc.SendAsync(MeshGrpc.Unary, MeshGrpc.Message("hello"));
        await called.Content.ReadAsByteArrayAsync();
        Assert.Equal("0", Assert.Single(called.TrailingHeaders.GetValues("grpc-status")));
        Assert.Equal((0.5, 100), (Read(called.TrailingHeaders.GetValues("endpoint-load-metrics-bin")).ApplicationUtilization, Read(called.TrailingHeaders.GetValues("endpoint-load-metrics-bin")).RequestsPerSecond));

        // A response that is nothing but a status has it in its headers, and gets no trailers.
        using var failed = await grpc.SendAsync(MeshGrpc.Status, MeshGrpc.Message("5"));
        await failed.Content.ReadAsByteArrayAsync();
        Assert.Equal("5", Assert.Single(failed.Headers.GetValues("grpc-status")));
        Assert.Equal(0.5, Read(failed.Headers.GetValues("endpoint-load-metrics-bin")).ApplicationUtilization);
        Assert.Empty(failed.TrailingHeaders);
    }

    [Fact]
    public async Task A_stream_tells_the_load_at_the_servers_interval_and_ends_with_the_app()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("work.yaml", Yaml.Service("work")));
        ILoadReporter? reporter = null;
        var app = await mesh.StartWorkloadAsync(
            "work",
            map: app =>
            {
                Tell(app, 0.5);
                reporter = app.Services.GetRequiredService<ILoadReporter>();
            },
            configure: options =>
            {
                options.LoadReports.OutOfBand = true;
                options.LoadReports.MinimumInterval = TimeSpan.FromMilliseconds(100);
            });
        var client = await mesh.StartClientAsync();
        await client.UntilAsync("http://work:9080/", 200);
        using var channel = GrpcChannel.Over(client.Mesh.CreateHandler(), new Uri("http://work:9080"), new GrpcChannelSettings(), TimeProvider.System);
        await using var call = channel.Duplex(WellKnownMethods.StreamCoreMetrics, GrpcCallOptions.None);
        await call.WriteAsync(new OrcaLoadReportRequest(), CancellationToken.None);
        await call.CompleteAsync();
        Assert.Equal(0.5, (await call.ReadAsync(CancellationToken.None))!.ApplicationUtilization);

        reporter!.ApplicationUtilization = 0.75;
        await Poll.UntilAsync(async () => (await call.ReadAsync(CancellationToken.None))!.ApplicationUtilization == 0.75, () => "the load stays as it was");

        var stopping = app.StopAsync();
        var failure = await Assert.ThrowsAsync<GrpcException>(async () =>
        {
            while (await call.ReadAsync(CancellationToken.None) is not null)
            {
            }
        });
        Assert.Equal(GrpcStatusCode.Unavailable, failure.Status);
        await stopping;
    }

    [Fact]
    public async Task Nothing_is_told_unless_the_app_says_so()
    {
        await using var mesh = await MeshEnvironment.StartAsync(("work.yaml", Yaml.Service("work")));
        await mesh.StartWorkloadAsync("work", map: app => Tell(app, 0.5));
        var client = await mesh.StartClientAsync();

        using var response = await client.UntilAsync("http://work:9080/", 200);

        Assert.DoesNotContain(response.Headers, h => h.Key.StartsWith("endpoint-load", StringComparison.OrdinalIgnoreCase));
    }

    private static void Tell(WebApplication app, double busy)
    {
        var reporter = app.Services.GetRequiredService<ILoadReporter>();
        reporter.ApplicationUtilization = busy;
        reporter.RequestsPerSecond = 100;
        reporter.ErrorsPerSecond = 0;
    }

    private static LoadReport Read(IEnumerable<string> values) =>
        LoadReportHeader.TryReadBinary(Assert.Single(values), withNamed: true, out var report) ? report : throw new InvalidDataException("This is no report.");
}
