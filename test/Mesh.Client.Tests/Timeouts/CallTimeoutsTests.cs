using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Client.Timeouts;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.Timeouts;

/// <summary>gRFC A31, and Envoy's RouteAction for plain HTTP.</summary>
public sealed class CallTimeoutsTests
{
    private static readonly FakeTime Time = new();

    /// <summary>The connection manager's duration counts where the route is silent, and never makes the call longer.</summary>
    [Theory]
    [InlineData(0, false, 5, 5)]
    [InlineData(3, false, 5, 3)]
    [InlineData(9, false, 5, 5)]
    [InlineData(9, true, 5, 9)]
    [InlineData(0, true, 5, 0)]
    [InlineData(3, false, null, 3)]
    public void OfPlainHttp(int route, bool own, int? manager, int expected) =>
        Assert.Equal(Seconds(expected), Start(Forward(route) with { OwnStreamDuration = own }, manager)?.Timeout ?? TimeSpan.Zero);

    [Theory]
    [InlineData(null, 10, 0, 10)]
    [InlineData("2S", 10, 0, 2)]
    [InlineData("20S", 10, 0, 10)]
    [InlineData("20S", 0, 0, 20)]
    [InlineData(null, 0, 0, 0)]
    [InlineData("20S", 0, 5, 15)]
    [InlineData("4S", 0, 5, 4)]
    public void OfGrpc(string? caller, int max, int offset, int expected)
    {
        var route = Forward(3) with { GrpcTimeout = new GrpcTimeoutConfig(Seconds(max), Seconds(offset)) };

        Assert.Equal(Seconds(expected), Start(route, null, caller)?.Timeout ?? TimeSpan.Zero);
        Assert.Equal(Seconds(3), Start(route, null)!.Timeout);
    }

    [Theory]
    [InlineData(null, 5, 5)]
    [InlineData(0, 5, 0)]
    [InlineData(7, 5, 7)]
    [InlineData(7, null, 7)]
    public void TheRoutesIdleTimeoutBeatsTheConnectionManagers(int? route, int? manager, int expected)
    {
        var timeouts = CallTimeouts.Compile(
            Forward(0) with { IdleTimeout = route is { } r ? Seconds(r) : null },
            new HttpConnectionConfig("r", null, []) { StreamIdleTimeout = manager is { } m ? Seconds(m) : null });

        Assert.Equal(Seconds(expected), timeouts.Idle);
    }

    [Fact]
    public void AnAttemptsIdleTimeoutCountsForTheBody()
    {
        var retry = Sample.Retry(RetryConditions.Reset) with { PerTryIdleTimeout = Seconds(2) };

        Assert.Equal((Seconds(0), Seconds(2)), Idle(Forward(0) with { Retry = retry }));
        Assert.Equal((Seconds(1), Seconds(1)), Idle(Forward(0) with { Retry = retry, IdleTimeout = Seconds(1) }));

        static (TimeSpan, TimeSpan) Idle(ForwardActionConfig route)
        {
            var timeouts = CallTimeouts.Compile(route, null);
            return (timeouts.Idle, timeouts.BodyIdle);
        }
    }

    private static Deadline? Start(ForwardActionConfig route, int? manager, params string?[] caller)
    {
        var http = new HttpConnectionConfig("r", null, []) { MaxStreamDuration = manager is { } m ? Seconds(m) : null };
        var request = new HttpRequestMessage(HttpMethod.Post, "http://reviews:9080/") { Version = new Version(2, 0) };
        if (caller.Length > 0)
        {
            request.Content = new ByteArrayContent([]);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
            if (caller[0] is { } timeout)
            {
                request.Headers.TryAddWithoutValidation("grpc-timeout", timeout);
            }
        }

        return CallTimeouts.Compile(route, http).Start(request, Time, CancellationToken.None);
    }

    private static ForwardActionConfig Forward(int timeout) =>
        new([new WeightedClusterConfig(Sample.ClusterName, 1)], timeout == 0 ? null : Seconds(timeout), null);

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
