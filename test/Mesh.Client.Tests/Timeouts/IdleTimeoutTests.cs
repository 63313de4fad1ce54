using System.Net;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.Timeouts;

public sealed class IdleTimeoutTests : IDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(3);
    private static readonly ForwardActionConfig Route = SampleCall.Forward() with { IdleTimeout = Idle };

    private readonly SampleCall _call = new() { Name = "" };
    private readonly PulsedStream _body = new();

    public void Dispose() => _call.Dispose();

    [Fact]
    public async Task AnUpstreamThatSaysNothingIsGivenUp()
    {
        _call.Hang("a");

        var call = _call.Send(Route);
        _call.Time.Advance(Idle);
        var response = await call;

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal(ResponseFlags.StreamIdleTimeout, response.GetMeshOutcome()!.Flags);
        Assert.Equal("nothing happened for 3000 ms, the idle timeout", await response.Content.ReadAsStringAsync());
        Assert.Equal(0, _call.Active("a"));
    }

    [Fact]
    public async Task EveryByteOfTheResponseStartsTheClockAnew()
    {
        _call.Upstream.Answer("a", (_, _) => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(_body) }));
        using var response = await _call.Send(Route);
        var body = await response.Content.ReadAsStreamAsync();
        for (var i = 0; i < 3; i++)
        {
            // The app takes its time; then the upstream does, and each time a little less than it may.
            _call.Time.Advance(2 * Idle);
            var read = body.ReadAsync(new byte[1]).AsTask();
            _call.Time.Advance(Idle - TimeSpan.FromTicks(1));
            _body.Pulse();
            Assert.Equal(1, await read);
        }

        var last = body.ReadAsync(new byte[1]).AsTask();
        _call.Time.Advance(Idle);

        var error = await Assert.ThrowsAsync<HttpIOException>(() => last);
        Assert.Contains("nothing happened for 3000 ms, the idle timeout while the response body was being read", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _call.Active("a"));
    }

    [Fact]
    public async Task EveryByteOfTheRequestStartsTheClockAnew()
    {
        _call.Upstream.Answer("a", async (request, token) =>
        {
            await request.Content!.CopyToAsync(Stream.Null, token);
            return new HttpResponseMessage { Content = new StreamContent(new MemoryStream([1])) };
        });

        var call = _call.Send(Route, SampleCall.Request(new StreamContent(_body)));
        for (var i = 0; i < 3; i++)
        {
            await _body.Reading();
            _call.Time.Advance(Idle - TimeSpan.FromTicks(1));
            _body.Pulse();
        }

        await _body.Reading();
        _body.End();

        Assert.Equal(HttpStatusCode.OK, (await call).StatusCode);
    }

    [Fact]
    public async Task AnAttemptsIdleTimeoutLeadsToAnotherAttempt()
    {
        _call.Hang("a");
        _call.Upstream.Status("b", 200);
        var retry = Sample.Retry(RetryConditions.Reset) with { PerTryIdleTimeout = Idle };

        var call = _call.Send(SampleCall.Forward(retry));
        _call.Time.Advance(Idle);

        Assert.Equal((HttpStatusCode.OK, 2), ((await call).StatusCode, (await call).GetMeshOutcome()!.Attempts));
    }

    [Fact]
    public async Task TheCallersCancellationIsNoIdleTimeout()
    {
        _call.Hang("a");
        using var caller = new CancellationTokenSource();

        var call = _call.Send(Route, token: caller.Token);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }
}
