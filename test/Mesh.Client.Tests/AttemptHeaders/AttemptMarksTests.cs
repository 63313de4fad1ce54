using ProxylessMesh.Client.AttemptHeaders;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.AttemptHeaders;

public sealed class AttemptMarksTests : IDisposable
{
    private static readonly HttpConnectionConfig Router = new("r", null, [new RouterFilterConfig("router")]);
    private static readonly HttpConnectionConfig SilentRouter = new("r", null, [new RouterFilterConfig("router") { SuppressHeaders = true }]);

    private readonly SampleCall _call = new() { Http = Router };
    private readonly List<(string? Count, string? Timeout)> _seen = [];

    public AttemptMarksTests()
    {
        Watch(_call, "a", 503);
        Watch(_call, "b", 200);
    }

    public void Dispose() => _call.Dispose();

    [Fact]
    public async Task EachAttemptSaysWhichItIsAndTheCallersRequestStaysAsItWas()
    {
        var request = SampleCall.Request();

        await _call.Send(SampleCall.Forward(Sample.Retry(RetryConditions.ServerError)) with { AttemptCountInRequest = true }, request);

        Assert.Equal([("1", null), ("2", null)], _seen);
        Assert.Empty(request.Headers);
    }

    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData(10, null, "10000", "10000")]
    [InlineData(10, 2, "2000", "2000")]
    [InlineData(1, 2, "1000", "1000")]
    [InlineData(null, 2, "2000", "2000")]
    public async Task EachAttemptSaysHowLongItHas(int? timeout, int? perTry, string? first, string? second)
    {
        var retry = Sample.Retry(RetryConditions.ServerError, perTry: perTry is { } p ? TimeSpan.FromSeconds(p) : null);

        await _call.Send(SampleCall.Forward(retry, timeout is { } t ? TimeSpan.FromSeconds(t) : null));

        Assert.Equal([(null, first), (null, second)], _seen);
    }

    [Fact]
    public async Task WhatIsLeftCountsForALaterAttempt()
    {
        _call.Upstream.Answer("a", (_, _) =>
        {
            _call.Time.Advance(TimeSpan.FromMilliseconds(400));
            return Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.ServiceUnavailable));
        });

        await _call.Send(SampleCall.Forward(Sample.Retry(RetryConditions.ServerError), TimeSpan.FromSeconds(1)));

        Assert.Equal([(null, "600")], _seen);
    }

    [Fact]
    public async Task ARouterCanBeSilent()
    {
        using var call = new SampleCall { Http = SilentRouter };
        Watch(call, "a", 200);

        await call.Send(SampleCall.Forward(timeout: TimeSpan.FromSeconds(1)));

        Assert.Equal([(null, null)], _seen);
    }

    [Fact]
    public async Task AResponseCanSayWhichAttemptItIsOf()
    {
        var route = SampleCall.Forward(Sample.Retry(RetryConditions.ServerError)) with { AttemptCountInResponse = true };

        var response = await _call.Send(route);
        _call.Upstream.Fail("a", new HttpRequestException(HttpRequestError.ConnectionError));
        _call.Upstream.Fail("b", new HttpRequestException(HttpRequestError.ConnectionError));
        var failed = await _call.Send(route);

        Assert.Equal("2", response.Headers.GetValues("x-envoy-attempt-count").Single());
        Assert.Equal("3", failed.Headers.GetValues("x-envoy-attempt-count").Single());
        Assert.Equal(ResponseFlags.UpstreamRetryLimitExceeded | ResponseFlags.UpstreamConnectionFailure, failed.GetMeshOutcome()!.Flags);
    }

    [Fact]
    public void NumbersHaveTheirTextReady()
    {
        Assert.Same(AttemptNumber.Text(3), AttemptNumber.Text(3));
        Assert.Equal("1234", AttemptNumber.Text(1234));
    }

    private void Watch(SampleCall call, string address, int status) => call.Upstream.Answer(address, (request, _) =>
    {
        _seen.Add((Header(request, "x-envoy-attempt-count"), Header(request, "x-envoy-expected-rq-timeout-ms")));
        return Task.FromResult(new HttpResponseMessage((System.Net.HttpStatusCode)status) { Content = new StreamContent(new MemoryStream([1])) });
    });

    private static string? Header(HttpRequestMessage request, string name) =>
        request.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}
