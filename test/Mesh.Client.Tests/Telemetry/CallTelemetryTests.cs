using System.Net;
using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Client.Telemetry;
using ProxylessMesh.Testing;

namespace ProxylessMesh.Client.Tests.Telemetry;

public sealed class CallTelemetryTests : IDisposable
{
    private const int Calls = 1000;

    private readonly FakeTime _time = new();
    private readonly StubUpstream _upstream = new();
    private readonly HttpMessageInvoker _passThrough = new(new SocketsHttpHandler());
    private readonly ClusterState _cluster;
    private readonly CallTelemetry _telemetry;
    private readonly MetricsProbe _probe;

    public CallTelemetryTests()
    {
        var name = Guid.NewGuid().ToString();
        _cluster = new ClusterState(Sample.ClusterName, _upstream.Handler, _time, new SeededRandom(1));
        _cluster.Apply(Sample.Snapshot(Sample.Cluster(), Sample.Endpoints("a")));
        _telemetry = new CallTelemetry(SourceTags.Of(new WorkloadOptions { Name = name, Namespace = "shop", Labels = { ["app"] = "cart", ["version"] = "v3" } }), _time);
        _probe = new MetricsProbe(name);
    }

    public void Dispose()
    {
        _probe.Dispose();
        _passThrough.Dispose();
    }

    [Fact]
    public async Task A_call_counts_when_its_response_has_ended()
    {
        _upstream.Status("a", 200);
        var response = await Send();
        _time.Advance(TimeSpan.FromMilliseconds(42));
        Assert.Empty(_probe.Heard);

        await response.Content.ReadAsByteArrayAsync();
        response.Dispose();

        var tags = _probe.Single();
        Assert.Equal(42, _probe.Heard[1].Value);
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["reporter"] = "source",
                ["source_workload"] = tags["source_workload"],
                ["source_workload_namespace"] = "shop",
                ["source_app"] = "cart",
                ["source_version"] = "v3",
                ["source_cluster"] = "Kubernetes",
                ["source_canonical_service"] = "cart",
                ["source_canonical_revision"] = "v3",
                ["connection_security_policy"] = "unknown",
                ["destination_service"] = "reviews.default.svc.cluster.local",
                ["destination_service_name"] = "reviews",
                ["destination_service_namespace"] = "default",
                ["request_protocol"] = "http",
                ["response_code"] = "200",
                ["response_flags"] = "-",
                ["grpc_response_status"] = "",
            },
            tags);
    }

    [Fact]
    public async Task What_the_mesh_answers_counts_with_its_flags()
    {
        _upstream.Fail("a", new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"));

        using var response = await Send();

        Assert.Equal(("503", "UF"), (_probe.Single()["response_code"], _probe.Single()["response_flags"]));
    }

    [Fact]
    public async Task A_call_that_is_given_up_has_no_code()
    {
        using var caller = new CancellationTokenSource();
        _upstream.Answer("a", async (_, token) =>
        {
            await caller.CancelAsync();
            token.ThrowIfCancellationRequested();
            throw new InvalidOperationException("the call was not cancelled");
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Send(token: caller.Token));

        Assert.Equal(("0", "DC"), (_probe.Single()["response_code"], _probe.Single()["response_flags"]));
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("14", "14")]
    [InlineData("17", "unknown")]
    [InlineData("99999999999", "unknown")]
    [InlineData("x", "unknown")]
    [InlineData(null, "unknown")]
    public async Task A_grpc_call_counts_with_the_status_of_its_trailers(string? sent, string counted)
    {
        _upstream.Answer("a", (_, _) =>
        {
            var answer = new HttpResponseMessage(HttpStatusCode.OK) { Version = HttpVersion.Version20, Content = new StreamContent(new MemoryStream([1])) };
            if (sent is not null)
            {
                answer.TrailingHeaders.TryAddWithoutValidation("grpc-status", sent);
            }

            return Task.FromResult(answer);
        });
        var request = SampleCall.Request(new ByteArrayContent([]));
        request.Content!.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");

        using (var response = await Send(request))
        {
            await response.Content.ReadAsByteArrayAsync();
        }

        Assert.Equal(("grpc", counted), (_probe.Single()["request_protocol"], _probe.Single()["grpc_response_status"]));
    }

    [Fact]
    public void A_reply_without_a_cluster_has_no_destination()
    {
        using var request = SampleCall.Request();
        using var reply = LocalReply.Create(request, HttpStatusCode.NotFound, new MeshOutcome(ResponseFlags.NoRouteFound, null, null, null, 0, "no route"));

        _telemetry.Answered(request, reply);

        Assert.Equal(("404", "NR", "unknown"), (_probe.Single()["response_code"], _probe.Single()["response_flags"], _probe.Single()["destination_service"]));
    }

    [Fact]
    public void Measurements_allocate_nothing()
    {
        _probe.Keeps = false;
        CallResult[] results = [new(200, ResponseFlags.None, false, GrpcStatus.None), new(503, ResponseFlags.NoHealthyUpstream, true, 14)];

        // The first round makes the sets. In others a listener of another test, which runs beside this one, may keep what it hears.
        Assert.InRange(Enumerable.Range(0, 10).Min(_ => Round()), 0, Calls / 2);

        long Round()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Calls; i++)
            {
                _telemetry.Record(_cluster.Tags, results[i % 2], 0);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private Task<HttpResponseMessage> Send(HttpRequestMessage? request = null, CancellationToken token = default) => MeshCall.SendAsync(
        request ?? SampleCall.Request(), Sample.Route(_cluster), _passThrough, new CallContext(_time, new ZeroRandom()) { Telemetry = _telemetry }, token);
}
