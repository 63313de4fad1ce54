using System.Net;
using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Client.OutlierDetection;
using ProxylessMesh.Client.Retries;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.BadInput;

/// <summary>Somebody sets the machine's clock by a day: what is measured in time that passes does not notice.</summary>
public sealed class ClockJumpTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly StubUpstream _upstream = new();
    private readonly HttpMessageInvoker _passThrough = new(new SocketsHttpHandler());
    private readonly ClusterState _cluster;

    public ClockJumpTests() => _cluster = new ClusterState(Sample.ClusterName, _upstream.Handler, _time, new SeededRandom(1));

    public static TheoryData<int> Days => [1, -1];

    public void Dispose()
    {
        _cluster.Dispose();
        _passThrough.Dispose();
    }

    [Theory]
    [MemberData(nameof(Days))]
    public void An_ejection_lasts_as_long_as_it_should(int days)
    {
        _cluster.Apply(Sample.Snapshot(Sample.Cluster(outliers: Sample.Outliers(consecutive5xx: 1)), Sample.Endpoints("a", "b")));
        var ejected = _cluster.Model.Known[0];
        _cluster.Outliers.Record(ejected, AttemptVerdict.ServerError);

        _time.SetWallClock(TimeSpan.FromDays(days));

        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.True(ejected.Ejection.Ejected);
        Assert.Contains("first returns in 1 s", ClusterDescription.WhyNoEndpoint(_cluster, "", _time), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(ejected.Ejection.Ejected);
    }

    [Theory]
    [MemberData(nameof(Days))]
    public async Task A_deadline_ends_when_its_time_has_passed(int days)
    {
        _cluster.Apply(Sample.Snapshot(Sample.Cluster(), Sample.Endpoints("a")));
        _upstream.Answer("a", async (_, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, token);
            return new HttpResponseMessage();
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080/");
        var call = MeshCall.SendAsync(request, Sample.Route(_cluster, timeout: TimeSpan.FromSeconds(10)), _passThrough, new CallContext(_time, new SeededRandom(1)), default);

        _time.SetWallClock(TimeSpan.FromDays(days));

        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(call.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        using var response = await call.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((HttpStatusCode.GatewayTimeout, 0), (response.StatusCode, _cluster.Breaker.Requests));
    }

    [Theory]
    [MemberData(nameof(Days))]
    public async Task A_retry_waits_as_long_as_the_server_asked_for(int days)
    {
        var calls = 0;
        _cluster.Apply(Sample.Snapshot(Sample.Cluster(), Sample.Endpoints("a")));
        _upstream.Answer("a", (_, _) =>
        {
            var response = new HttpResponseMessage(++calls == 1 ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK);
            response.Headers.TryAddWithoutValidation("retry-after", "10");
            return Task.FromResult(response);
        });
        var retry = Sample.Retry(RetryConditions.RetriableStatusCodes, codes: 429) with
        {
            RateLimitedBackOff = new RateLimitedBackOffConfig([new ResetHeaderConfig("retry-after", IsUnixTimestamp: false)], TimeSpan.FromSeconds(300)),
        };
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080/");
        var call = MeshCall.SendAsync(request, Sample.Route(_cluster, retry), _passThrough, new CallContext(_time, new ZeroRandom()), default);

        _time.SetWallClock(TimeSpan.FromDays(days));

        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal((1, 1), (calls, _cluster.Breaker.Retries));
        _time.Advance(TimeSpan.FromSeconds(2));
        using var response = await call.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((HttpStatusCode.OK, 2, 0), (response.StatusCode, calls, _cluster.Breaker.Retries));
    }

    [Theory]
    [MemberData(nameof(Days))]
    public void Warming_up_goes_on_at_its_pace(int days)
    {
        var config = Sample.Cluster() with { LoadBalancing = new LoadBalancingConfig(LoadBalancingPolicy.RoundRobin) { SlowStart = new SlowStartConfig(TimeSpan.FromSeconds(100), 1, 0.1) } };
        _cluster.Apply(Sample.Snapshot(config, Sample.Endpoints("a", "b")));

        _time.SetWallClock(TimeSpan.FromDays(days));
        _time.Advance(TimeSpan.FromSeconds(50));

        Assert.True(SlowStart.IsAny(config.LoadBalancing.SlowStart!, [new ClusterMember(_cluster.Model.Known[0], Sample.Endpoint("a"), 0)], _time));
        _time.Advance(TimeSpan.FromSeconds(51));
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_time_of_day_that_a_server_names_is_not_believed_beyond_the_limit(int days)
    {
        var asked = _time.GetUtcNow().AddSeconds(5).ToUnixTimeSeconds();
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.TryAddWithoutValidation("x-ratelimit-reset", $"{asked}");
        var config = new RateLimitedBackOffConfig([new ResetHeaderConfig("x-ratelimit-reset", IsUnixTimestamp: true)], TimeSpan.FromSeconds(300));
        Assert.InRange(RateLimitedBackOff.Of(config, response, _time, new SeededRandom(1))!.Value.TotalSeconds, 5, 7.5);

        _time.SetWallClock(TimeSpan.FromDays(days));

        Assert.Null(RateLimitedBackOff.Of(config, response, _time, new SeededRandom(1)));
    }
}
