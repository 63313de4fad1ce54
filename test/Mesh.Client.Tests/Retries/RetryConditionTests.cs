using System.Net;
using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.Retries;

/// <summary>Retries by headers and rate limits, and a gRPC caller's own deadline.</summary>
public sealed class RetryConditionTests : IDisposable
{
    private static readonly RateLimitedBackOffConfig ByHeaders = new(
        [new ResetHeaderConfig("retry-after", false), new ResetHeaderConfig("x-ratelimit-reset", true)], TimeSpan.FromSeconds(300));

    private readonly FakeTime _time = new();
    private readonly StubUpstream _upstream = new();
    private readonly HttpMessageInvoker _passThrough = new(new SocketsHttpHandler());
    private readonly ClusterState _cluster;

    public RetryConditionTests()
    {
        _cluster = new ClusterState(Sample.ClusterName, _upstream.Handler, _time, new SeededRandom(1));
        _cluster.Apply(Sample.Snapshot(Sample.Cluster(), Sample.Endpoints("a", "b")));
        _upstream.Status("b", 200);
    }

    public void Dispose() => _passThrough.Dispose();

    [Theory]
    [InlineData("yes", true)]
    [InlineData("no", false)]
    public async Task AResponseHeaderCanAskForARetry(string value, bool retried)
    {
        Answer(404, ("x-again", value));

        var response = await Send(Sample.Retry(RetryConditions.RetriableHeaders) with { RetriableHeaders = [Header("x-again", "yes")] });

        Assert.Equal(retried ? 2 : 1, response.GetMeshOutcome()!.Attempts);
    }

    [Theory]
    [InlineData("yes", true)]
    [InlineData("no", false)]
    public async Task ARequestCanBeAskedForAHeader(string value, bool retried)
    {
        Answer(503);
        var request = Request();
        request.Headers.TryAddWithoutValidation("x-safe", value);

        var response = await Send(Sample.Retry(RetryConditions.ServerError) with { RetriableRequestHeaders = [Header("x-safe", "yes")] }, request: request);

        Assert.Equal(retried ? 2 : 1, response.GetMeshOutcome()!.Attempts);
    }

    [Theory]
    [InlineData(RetryConditions.EnvoyRateLimited, 2)]
    [InlineData(RetryConditions.RetriableStatusCodes, 1)]
    internal async Task ARateLimitIsRetriedOnlyWhereThatIsAskedFor(RetryConditions conditions, int attempts)
    {
        Answer(429, ("x-envoy-ratelimited", "true"));

        var response = await Send(Sample.Retry(conditions, codes: 429));

        Assert.Equal(attempts, response.GetMeshOutcome()!.Attempts);
    }

    [Fact]
    public async Task TheResponseSaysWhenToComeAgain()
    {
        Answer(429, ("retry-after", "7"));

        var call = Send(Sample.Retry(RetryConditions.RetriableStatusCodes, codes: 429) with { RateLimitedBackOff = ByHeaders });
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.False(call.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.OK, (await call).StatusCode);
    }

    [Fact]
    public async Task OrTheSecondFromWhichOn()
    {
        Answer(429, ("retry-after", "tomorrow"), ("x-ratelimit-reset", (_time.GetUtcNow().ToUnixTimeSeconds() + 5).ToString(System.Globalization.CultureInfo.InvariantCulture)));

        var call = Send(Sample.Retry(RetryConditions.RetriableStatusCodes, codes: 429) with { RateLimitedBackOff = ByHeaders });
        Assert.False(call.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(HttpStatusCode.OK, (await call).StatusCode);
    }

    [Fact]
    public async Task NobodyWaitsBeyondTheDeadline()
    {
        Answer(429, ("retry-after", "7"));

        var response = await Send(
            Sample.Retry(RetryConditions.RetriableStatusCodes, codes: 429) with { RateLimitedBackOff = ByHeaders }, TimeSpan.FromSeconds(7));

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Single(_upstream.Calls);
    }

    [Theory]
    [InlineData("301")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    public async Task NonsenseIsPassedOver(string value)
    {
        Answer(429, ("retry-after", value));

        var response = await Send(Sample.Retry(RetryConditions.RetriableStatusCodes, codes: 429) with { RateLimitedBackOff = ByHeaders });

        Assert.Equal(2, response.GetMeshOutcome()!.Attempts);
    }

    [Fact]
    public async Task AGrpcCallersDeadlineShortensTheRoutes()
    {
        _upstream.Answer("a", async (_, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            throw new InvalidOperationException();
        });
        var request = Request();
        request.Version = HttpVersion.Version20;
        request.Headers.TryAddWithoutValidation("grpc-timeout", "2S");

        var call = Send(null, TimeSpan.FromSeconds(10), request);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(ResponseFlags.UpstreamRequestTimeout, (await call).GetMeshOutcome()!.Flags);
    }

    private static HeaderMatchConfig Header(string name, string value) =>
        new(name, new StringMatchConfig(StringMatchKind.Exact, value), null, null, false, false);

    private static HttpRequestMessage Request() => new(HttpMethod.Get, "http://reviews:9080/");

    private void Answer(int status, params (string Name, string Value)[] headers) => _upstream.Answer("a", (_, _) =>
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StreamContent(new MemoryStream([1])) };
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return Task.FromResult(response);
    });

    private Task<HttpResponseMessage> Send(RetryPolicyConfig? retry, TimeSpan? timeout = null, HttpRequestMessage? request = null) => MeshCall.SendAsync(
        request ?? Request(), Sample.Route(_cluster, retry, timeout), _passThrough, new CallContext(_time, new ZeroRandom()), default);
}
