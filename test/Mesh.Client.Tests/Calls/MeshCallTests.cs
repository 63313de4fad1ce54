using System.Net;
using System.Runtime.CompilerServices;
using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Client.Routing;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.Tests.Calls;

public sealed class MeshCallTests : IDisposable
{
    private static readonly HttpRequestException Refused = new(HttpRequestError.ConnectionError, "Connection refused");
    private static readonly HttpRequestException Broken = new(HttpRequestError.ResponseEnded, "The response ended prematurely.");

    private readonly FakeTime _time = new();
    private readonly StubUpstream _upstream = new();
    private readonly HttpMessageInvoker _passThrough = new(new SocketsHttpHandler());
    private readonly ClusterState _cluster;

    public MeshCallTests()
    {
        _cluster = new ClusterState(Sample.ClusterName, _upstream.Handler, _time, new SeededRandom(1));
        _cluster.Apply(Sample.Snapshot(Sample.Cluster(outliers: Sample.Outliers(consecutive5xx: 100)), Sample.Endpoints("a", "b")));
        _upstream.Status("a", 200);
        _upstream.Status("b", 200);
    }

    public void Dispose() => _passThrough.Dispose();

    [Fact]
    public async Task ASuccessTellsItsOutcome()
    {
        var response = await Send(Sample.Route(_cluster));

        var outcome = response.GetMeshOutcome()!;
        Assert.Equal("flags=- route=canary cluster=outbound|9080|v2|reviews.default.svc.cluster.local endpoint=a:9080 attempts=1", outcome.ToString());
    }

    [Fact]
    public async Task TheSlotIsHeldUntilTheBodyHasBeenRead()
    {
        var response = await Send(Sample.Route(_cluster));
        Assert.Equal(1, Active("a"));

        await response.Content.ReadAsByteArrayAsync();

        Assert.Equal(0, Active("a"));
    }

    [Fact]
    public async Task DisposingTheResponseGivesTheSlotBack()
    {
        var response = await Send(Sample.Route(_cluster));

        response.Dispose();
        response.Dispose();

        Assert.Equal(0, Active("a"));
    }

    [Fact]
    public async Task AResponseThatIsDroppedGivesTheSlotBackWhenItIsCollected()
    {
        var kept = await Send(Sample.Route(_cluster));
        for (var i = 0; i < 10; i++)
        {
            await DropAsync();
        }

        Assert.Equal(11, Active("a") + Active("b"));
        await SampleCall.UntilAsync(() =>
        {
            GC.Collect();
            return Active("a") + Active("b") == 1;
        });
        kept.Dispose();
        Assert.Equal(0, Active("a") + Active("b"));
    }

    [Fact]
    public async Task ARefusedConnectionIsRetriedOnAnotherEndpoint()
    {
        _upstream.Fail("a", Refused);

        var response = await Send(Sample.Route(_cluster, Sample.Retry(RetryConditions.ConnectFailure)));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["a", "b"], _upstream.Calls);
        Assert.Equal(2, response.GetMeshOutcome()!.Attempts);
    }

    [Fact]
    public async Task AFailureThatThePolicyDoesNotNameIsNotRetried()
    {
        _upstream.Fail("a", Broken);

        var response = await Send(Sample.Route(_cluster, Sample.Retry(RetryConditions.ConnectFailure)));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(["a"], _upstream.Calls);
        Assert.Equal(ResponseFlags.UpstreamConnectionTermination, response.GetMeshOutcome()!.Flags);
        Assert.Contains("the connection ended before a response", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AResetIsRetriedOnlyIfTheBodyCanBeSentAgain()
    {
        _upstream.Fail("a", Broken);
        var route = Sample.Route(_cluster, Sample.Retry(RetryConditions.Reset));

        var replayed = await Send(route, new StringContent("again"));
        _upstream.Calls.Clear();
        await Send(route, new StringContent("turn of b"));
        _upstream.Calls.Clear();
        _upstream.Answer("a", async (request, token) =>
        {
            await request.Content!.CopyToAsync(Stream.Null, token);
            throw Broken;
        });
        var streamed = await Send(route, new StreamContent(new MemoryStream(new byte[100_000])));

        Assert.Equal(HttpStatusCode.OK, replayed.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, streamed.StatusCode);
        Assert.Equal(["a"], _upstream.Calls);
    }

    [Fact]
    public async Task ARefusedConnectionIsRetriedEvenWithAStreamingBodyForNoneOfItWasRead()
    {
        _upstream.Fail("a", Refused);

        var response = await Send(Sample.Route(_cluster, Sample.Retry(RetryConditions.ConnectFailure)), new StreamContent(new MemoryStream([1])));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task RetriesEndAtTheirLimitWithTheReason()
    {
        _upstream.Fail("a", Refused);
        _upstream.Fail("b", Refused);

        var response = await Send(Sample.Route(_cluster, Sample.Retry(RetryConditions.ConnectFailure, retries: 2)));

        Assert.Equal(3, _upstream.Calls.Count);
        var outcome = response.GetMeshOutcome()!;
        Assert.Equal(ResponseFlags.UpstreamConnectionFailure | ResponseFlags.UpstreamRetryLimitExceeded, outcome.Flags);
        Assert.Contains("could not connect: Connection refused", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(0, Active("a") + Active("b"));
    }

    [Theory]
    [InlineData(500, RetryConditions.ServerError, true)]
    [InlineData(500, RetryConditions.GatewayError, false)]
    [InlineData(503, RetryConditions.GatewayError, true)]
    [InlineData(409, RetryConditions.Retriable4xx, true)]
    [InlineData(404, RetryConditions.Retriable4xx, false)]
    [InlineData(418, RetryConditions.RetriableStatusCodes, true)]
    [InlineData(503, RetryConditions.ConnectFailure, false)]
    internal async Task ResponsesAreRetriedAsThePolicySays(int status, RetryConditions conditions, bool retried)
    {
        _upstream.Status("a", status);

        var response = await Send(Sample.Route(_cluster, Sample.Retry(conditions, 2, null, 418)));

        Assert.Equal(retried ? 200 : status, (int)response.StatusCode);
        Assert.Equal(0, Active(retried ? "a" : "b"));
    }

    [Fact]
    public async Task TheRouteTimeoutCoversAllAttempts()
    {
        Hang("a");

        var call = Send(Sample.Route(_cluster, timeout: TimeSpan.FromSeconds(3)));
        _time.Advance(TimeSpan.FromSeconds(3));
        var response = await call;

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal(ResponseFlags.UpstreamRequestTimeout, response.GetMeshOutcome()!.Flags);
        Assert.Equal(0, Active("a"));
    }

    [Fact]
    public async Task ThePerTryTimeoutLeadsToAnotherEndpoint()
    {
        Hang("a");

        var call = Send(Sample.Route(_cluster, Sample.Retry(RetryConditions.Reset, perTry: TimeSpan.FromSeconds(1))));
        _time.Advance(TimeSpan.FromSeconds(1));
        var response = await call;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["a", "b"], _upstream.Calls);
    }

    [Fact]
    public async Task TheCallersCancellationIsACancellation()
    {
        Hang("a");
        using var caller = new CancellationTokenSource();

        var call = Send(Sample.Route(_cluster, timeout: TimeSpan.FromSeconds(3)), token: caller.Token);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(0, Active("a"));
    }

    [Fact]
    public async Task TheRouteTimeoutBreaksOffABodyThatDoesNotEnd()
    {
        _upstream.Answer("a", (_, _) => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new NeverEndingStream()) }));
        var response = await Send(Sample.Route(_cluster, timeout: TimeSpan.FromSeconds(3)));

        var read = response.Content.ReadAsByteArrayAsync();
        _time.Advance(TimeSpan.FromSeconds(3));

        var error = await Assert.ThrowsAnyAsync<Exception>(() => read);
        Assert.Contains("the route's timeout of 3000 ms ran out while", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, Active("a"));
    }

    [Fact]
    public async Task AGrpcCallGetsATrailersOnlyReply()
    {
        _upstream.Fail("a", Refused);
        var content = new ByteArrayContent([0, 0, 0, 0, 0]);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc+proto");

        var response = await Send(Sample.Route(_cluster), content);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("14", response.Headers.GetValues("grpc-status").Single());
        Assert.Contains("could%20not%20connect", response.Headers.GetValues("grpc-message").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("canary", "VirtualService default/reviews", "; route \"canary\" of VirtualService default/reviews")]
    [InlineData("", "VirtualService default/reviews", "; route of VirtualService default/reviews")]
    [InlineData("canary", null, "; route \"canary\"")]
    [InlineData("", null, "")]
    public async Task AReplyNamesTheRouteAndWhereItComesFrom(string name, string? origin, string expected)
    {
        using var call = new SampleCall(endpoints: Sample.Endpoints(Array.Empty<string>())) { Name = name, Origin = origin };
        var response = await call.Send(SampleCall.Forward());

        Assert.Equal(
            $"no healthy endpoint for reviews.default.svc.cluster.local:9080 subset v2: 0 known{expected}", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task UpstreamHeadersOfTheBodyPassUnchanged()
    {
        _upstream.Answer("a", (_, _) =>
        {
            var content = new StreamContent(new MemoryStream([1, 2, 3]));
            content.Headers.TryAddWithoutValidation("Content-Type", "text/plain; charset=\"odd\"");
            content.Headers.TryAddWithoutValidation("Content-Language", ["de", "en"]);
            content.Headers.ContentLength = 3;
            return Task.FromResult(new HttpResponseMessage { Content = content });
        });

        var response = await Send(Sample.Route(_cluster));

        Assert.Equal("text/plain; charset=\"odd\"", response.Content.Headers.GetValues("Content-Type").Single());
        Assert.Equal(["de", "en"], response.Content.Headers.GetValues("Content-Language"));
        Assert.Equal(3, response.Content.Headers.ContentLength);
        Assert.Equal([1, 2, 3], await response.Content.ReadAsByteArrayAsync());
    }

    private int Active(string address) => _cluster.Model.Known.Single(e => e.Key.Address == address).Active;

    private void Hang(string address) => _upstream.Answer(address, async (_, token) =>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        throw new InvalidOperationException();
    });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task DropAsync() => await Send(Sample.Route(_cluster));

    private Task<HttpResponseMessage> Send(RouteModel route, HttpContent? content = null, CancellationToken token = default)
    {
        var request = new HttpRequestMessage(content is null ? HttpMethod.Get : HttpMethod.Post, "http://reviews:9080/") { Content = content };
        return MeshCall.SendAsync(request, route, _passThrough, new CallContext(_time, new NoPause()), token);
    }

    /// <summary>The pause between attempts is a share of an interval: none of it.</summary>
    private sealed class NoPause : IRandomSource
    {
        public int Next(int exclusiveMax) => 0;

        public double NextDouble() => 0;
    }

    private sealed class NeverEndingStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => 0; set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return 0;
        }

        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => 0;

        public override void SetLength(long value)
        {
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
        }
    }
}
