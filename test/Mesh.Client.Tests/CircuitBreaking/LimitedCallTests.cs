using System.Net;
using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.CircuitBreaking;

/// <summary>Circuit breakers as a caller meets them.</summary>
public sealed class LimitedCallTests : IDisposable
{
    private static readonly CircuitBreakerConfig NoLimits = new(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue);
    private readonly FakeTime _time = new();
    private readonly StubUpstream _upstream = new();
    private readonly HttpMessageInvoker _passThrough = new(new SocketsHttpHandler());
    private readonly ClusterState _cluster;

    public LimitedCallTests()
    {
        _cluster = new ClusterState(Sample.ClusterName, _upstream.Handler, _time, new SeededRandom(1));
        _upstream.Status("a", 200);
    }

    public void Dispose() => _passThrough.Dispose();

    [Fact]
    public async Task OverTheLimitTheReplySaysOverloadedAndIsNotRetried()
    {
        Limit(NoLimits with { MaxRequests = 1 });
        var first = await Send(retry: Sample.Retry(RetryConditions.ServerError));

        var second = await Send(retry: Sample.Retry(RetryConditions.ServerError));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.Equal("true", second.Headers.GetValues("x-envoy-overloaded").Single());
        Assert.Equal("UO", second.GetMeshOutcome()!.ToString().Split(' ')[0]["flags=".Length..]);
        Assert.Contains("1 requests are in flight (max_requests)", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Single(_upstream.Calls);

        await first.Content.ReadAsByteArrayAsync();
        Assert.Equal(HttpStatusCode.OK, (await Send()).StatusCode);
    }

    [Fact]
    public async Task AGrpcCallIsUnavailable()
    {
        Limit(NoLimits with { MaxRequests = 0 });
        var content = new ByteArrayContent([0, 0, 0, 0, 0]);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");

        var response = await Send(content: content);

        Assert.Equal("14", response.Headers.GetValues("grpc-status").Single());
    }

    [Fact]
    public async Task TheNextCallWaitsForTheConnectionUntilTheBodyEnds()
    {
        Limit(NoLimits with { MaxConnections = 1, MaxPendingRequests = 1 });
        var first = await Send();

        var second = Send();
        Assert.False(second.IsCompleted);
        var third = await Send();
        Assert.Equal(ResponseFlags.UpstreamOverflow, third.GetMeshOutcome()!.Flags);

        first.Dispose();
        Assert.Equal(HttpStatusCode.OK, (await second).StatusCode);
    }

    [Fact]
    public async Task TheRouteTimeoutCoversTheWait()
    {
        Limit(NoLimits with { MaxConnections = 1 });
        using var first = await Send();

        var second = Send(timeout: TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));

        var response = await second;
        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Contains("waited for a connection", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, _cluster.Breaker.Requests);
    }

    [Fact]
    public async Task ARetryOverTheLimitIsNotMadeAndTheResponseSaysSo()
    {
        Limit(NoLimits with { MaxRetries = 0 });
        _upstream.Status("a", 503);

        var response = await Send(retry: Sample.Retry(RetryConditions.ServerError));

        Assert.Single(_upstream.Calls);
        Assert.Equal(ResponseFlags.UpstreamOverflow, response.GetMeshOutcome()!.Flags);
        response.Dispose();
        Assert.Equal((0, 0), (_cluster.Breaker.Requests, _cluster.Breaker.Retries));
    }

    [Fact]
    public async Task AnOverloadedUpstreamIsNotRetried()
    {
        Limit(NoLimits);
        _upstream.Answer("a", (_, _) =>
        {
            var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
            response.Headers.TryAddWithoutValidation("x-envoy-overloaded", "true");
            return Task.FromResult(response);
        });

        await Send(retry: Sample.Retry(RetryConditions.ServerError));

        Assert.Single(_upstream.Calls);
    }

    [Fact]
    public async Task NothingIsLeftHeldAfterFailures()
    {
        Limit(NoLimits with { MaxConnections = 5 });
        _upstream.Fail("a", new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"));

        await Send(retry: Sample.Retry(RetryConditions.ConnectFailure, retries: 3));

        Assert.Equal(4, _upstream.Calls.Count);
        Assert.Equal((0, 0, 0), (_cluster.Breaker.Requests, _cluster.Breaker.Retries, _cluster.Model.Known[0].Active));
    }

    private void Limit(CircuitBreakerConfig limits) =>
        _cluster.Apply(Sample.Snapshot(Sample.Cluster() with { CircuitBreakers = limits }, Sample.Endpoints("a")));

    private Task<HttpResponseMessage> Send(RetryPolicyConfig? retry = null, TimeSpan? timeout = null, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(content is null ? HttpMethod.Get : HttpMethod.Post, "http://reviews:9080/") { Content = content };
        return MeshCall.SendAsync(request, Sample.Route(_cluster, retry, timeout), _passThrough, new CallContext(_time, new ZeroRandom()), default);
    }
}
