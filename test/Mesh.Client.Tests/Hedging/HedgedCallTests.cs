using System.Net;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.Hedging;

/// <summary>HedgePolicy.hedge_on_per_try_timeout.</summary>
public sealed class HedgedCallTests : IDisposable
{
    private static readonly TimeSpan PerTry = TimeSpan.FromSeconds(1);
    private static readonly ForwardActionConfig Route = Hedged(Sample.Retry(RetryConditions.ServerError, perTry: PerTry));

    private readonly Dictionary<string, TaskCompletionSource<HttpStatusCode>> _answers = new()
    {
        ["a"] = new(TaskCreationOptions.RunContinuationsAsynchronously),
        ["b"] = new(TaskCreationOptions.RunContinuationsAsynchronously),
    };

    private readonly SampleCall _call = new();

    public HedgedCallTests()
    {
        foreach (var (address, answer) in _answers)
        {
            _call.Upstream.Answer(
                address,
                async (_, token) => new HttpResponseMessage(await answer.Task.WaitAsync(token)) { Content = new StreamContent(new MemoryStream([1])) });
        }
    }

    public void Dispose() => _call.Dispose();

    [Fact]
    public async Task ASlowAttemptGetsCompanyAndTheFirstAnswerWins()
    {
        var call = _call.Send(Route);
        await StartHedge();
        Assert.Equal((1, 1), (_call.Active("a"), _call.Active("b")));

        _answers["b"].SetResult(HttpStatusCode.OK);
        var response = await call;

        Assert.Equal("flags=- route=canary cluster=outbound|9080|v2|reviews.default.svc.cluster.local endpoint=b:9080 attempts=2", response.GetMeshOutcome()!.ToString());
        await Ended("a");
        Assert.Equal(1, _call.Active("b"));
        response.Dispose();
        Assert.Equal((0, 0, 0), (_call.Active("b"), _call.Cluster.Breaker.Requests, _call.Cluster.Breaker.Retries));
    }

    [Fact]
    public async Task TheSlowOneMayStillWin()
    {
        var request = SampleCall.Request();
        var call = _call.Send(Route, request);
        await StartHedge();

        _answers["a"].SetResult(HttpStatusCode.OK);
        using var response = await call;

        Assert.Equal("a:9080", response.GetMeshOutcome()!.Endpoint);
        Assert.Same(request, response.RequestMessage);
        await Ended("b");
        Assert.Equal(0, _call.Cluster.Breaker.Retries);
    }

    [Fact]
    public async Task AFailureWaitsForTheOther()
    {
        var call = _call.Send(Hedged(Sample.Retry(RetryConditions.ServerError, retries: 1, perTry: PerTry)));
        await StartHedge();

        _answers["a"].SetResult(HttpStatusCode.ServiceUnavailable);
        await Ended("a");
        Assert.False(call.IsCompleted);
        _answers["b"].SetResult(HttpStatusCode.OK);

        Assert.Equal((HttpStatusCode.OK, "b:9080"), ((await call).StatusCode, (await call).GetMeshOutcome()!.Endpoint));
    }

    [Fact]
    public async Task WhenAllFailTheLastFailureIsTheAnswer()
    {
        var call = _call.Send(Hedged(Sample.Retry(RetryConditions.ServerError, retries: 1, perTry: PerTry)));
        await StartHedge();

        _answers["a"].SetResult(HttpStatusCode.ServiceUnavailable);
        await Ended("a");
        _answers["b"].SetResult(HttpStatusCode.InternalServerError);
        var response = await call;

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(ResponseFlags.UpstreamRetryLimitExceeded, response.GetMeshOutcome()!.Flags & ResponseFlags.UpstreamRetryLimitExceeded);
    }

    [Fact]
    public async Task AFastFailureIsRetriedAsAlways()
    {
        _answers["a"].SetResult(HttpStatusCode.ServiceUnavailable);
        _answers["b"].SetResult(HttpStatusCode.OK);

        var response = await _call.Send(Route);

        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, response.GetMeshOutcome()!.Attempts));
    }

    [Fact]
    public async Task ThereAreNoMoreAttemptsThanRetriesAllow()
    {
        var call = _call.Send(Hedged(Sample.Retry(RetryConditions.ServerError, retries: 1, perTry: PerTry), TimeSpan.FromSeconds(5)));
        await StartHedge();
        _call.Time.Advance(PerTry);
        _call.Time.Advance(PerTry);
        _call.Time.Advance(TimeSpan.FromSeconds(2));
        var response = await call;

        Assert.Equal(ResponseFlags.UpstreamRequestTimeout, response.GetMeshOutcome()!.Flags);
        Assert.Equal(["a", "b"], _call.Upstream.Calls);
        await Ended("a");
        await Ended("b");
    }

    [Fact]
    public async Task TheBreakersRetriesAreALimitToo()
    {
        using var limited = new SampleCall(Sample.Cluster() with { CircuitBreakers = new CircuitBreakerConfig(10, 10, 10, 0) });
        limited.Hang("a");

        var call = limited.Send(Hedged(Route.Retry!, TimeSpan.FromSeconds(5)));
        limited.Time.Advance(PerTry);
        await SampleCall.UntilAsync(() => limited.Cluster.Breaker.RetryOverflows == 1);
        limited.Time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(1, (await call).GetMeshOutcome()!.Attempts);
    }

    [Fact]
    public async Task TheCallersCancellationEndsAll()
    {
        using var caller = new CancellationTokenSource();
        var call = _call.Send(Route, token: caller.Token);
        await StartHedge();

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Ended("a");
        await Ended("b");
    }

    [Fact]
    public async Task EachAttemptSendsTheBodyAndItsOwnNumber()
    {
        var seen = new List<string>();
        foreach (var (address, answer) in _answers)
        {
            _call.Upstream.Answer(address, async (request, token) =>
            {
                seen.Add($"{request.Headers.GetValues("x-envoy-attempt-count").Single()} {await request.Content!.ReadAsStringAsync(token)}");
                return new HttpResponseMessage(await answer.Task.WaitAsync(token)) { Content = new StreamContent(new MemoryStream([1])) };
            });
        }

        var call = _call.Send(Route with { AttemptCountInRequest = true }, SampleCall.Request(new StringContent("x")));
        await StartHedge();
        _answers["b"].SetResult(HttpStatusCode.OK);
        using var response = await call;

        Assert.Equal(["1 x", "2 x"], seen);
    }

    private static ForwardActionConfig Hedged(RetryPolicyConfig retry, TimeSpan? timeout = null) =>
        SampleCall.Forward(retry, timeout) with { HedgeOnPerTryTimeout = true };

    /// <summary>The first attempt is late, and the second under way.</summary>
    private async Task StartHedge()
    {
        _call.Time.Advance(PerTry);
        await SampleCall.UntilAsync(() => _call.Upstream.Calls.Count == 2);
        Assert.Equal(["a", "b"], _call.Upstream.Calls);
    }

    private Task Ended(string address) => SampleCall.UntilAsync(() => _call.Active(address) == 0);
}
