using ProxylessMesh.Client.CircuitBreaking;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.CircuitBreaking;

public sealed class CircuitBreakerTests
{
    private static readonly CircuitBreakerConfig NoLimits = new(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue);
    private readonly CircuitBreaker _breaker = new();

    [Fact]
    public async Task RequestsBeyondTheLimitAreTurnedAwayAndCounted()
    {
        _breaker.Configure(NoLimits with { MaxRequests = 2 });

        Assert.Equal(Admission.Admitted, await Enter());
        Assert.Equal(Admission.Admitted, await Enter());
        Assert.Equal(Admission.TooManyRequests, await Enter());
        _breaker.Leave(onConnection: false);

        Assert.Equal(Admission.Admitted, await Enter());
        Assert.Equal((2, 1L), (_breaker.Requests, _breaker.Overflows));
    }

    [Fact]
    public async Task AnHttp11RequestWaitsForAConnectionInTurn()
    {
        _breaker.Configure(NoLimits with { MaxConnections = 1, MaxPendingRequests = 2 });
        Assert.Equal(Admission.AdmittedOnConnection, await Enter(ownConnection: true));

        var first = Enter(ownConnection: true);
        var second = Enter(ownConnection: true);
        Assert.Equal(2, _breaker.Pending);
        Assert.Equal(Admission.TooManyPending, await Enter(ownConnection: true));
        Assert.False(first.IsCompleted);

        _breaker.Leave(onConnection: true);
        Assert.Equal(Admission.AdmittedOnConnection, await first);
        Assert.False(second.IsCompleted);
        _breaker.Leave(onConnection: true);
        Assert.Equal(Admission.AdmittedOnConnection, await second);
        _breaker.Leave(onConnection: true);

        Assert.Equal((0, 0), (_breaker.Requests, _breaker.Pending));
    }

    [Fact]
    public async Task Http2SharesConnectionsAndDoesNotWait()
    {
        _breaker.Configure(NoLimits with { MaxConnections = 1, MaxPendingRequests = 0 });

        Assert.Equal(Admission.Admitted, await Enter());
        Assert.Equal(Admission.Admitted, await Enter());
    }

    [Fact]
    public async Task WhoGivesUpWaitingLeavesTheQueue()
    {
        _breaker.Configure(NoLimits with { MaxConnections = 1, MaxPendingRequests = 1 });
        await Enter(ownConnection: true);
        using var caller = new CancellationTokenSource();
        var waiting = _breaker.EnterAsync(ownConnection: true, caller.Token).AsTask();

        await caller.CancelAsync();

        Assert.Equal(Admission.Cancelled, await waiting);
        Assert.Equal((1, 0), (_breaker.Requests, _breaker.Pending));
        _breaker.Leave(onConnection: true);
        Assert.Equal(Admission.AdmittedOnConnection, await Enter(ownConnection: true));
    }

    [Fact]
    public async Task AHigherLimitLetsTheWaitingIn()
    {
        _breaker.Configure(NoLimits with { MaxConnections = 1 });
        await Enter(ownConnection: true);
        var waiting = Enter(ownConnection: true);

        _breaker.Configure(NoLimits with { MaxConnections = 2 });

        Assert.Equal(Admission.AdmittedOnConnection, await waiting);
    }

    [Fact]
    public void RetriesAreLimitedByNumber()
    {
        _breaker.Configure(NoLimits with { MaxRetries = 1 });

        Assert.True(_breaker.TryBeginRetry());
        Assert.False(_breaker.TryBeginRetry());
        _breaker.EndRetry();

        Assert.True(_breaker.TryBeginRetry());
        Assert.Equal(1L, _breaker.RetryOverflows);
    }

    [Theory]
    [InlineData(10, 20, 0, 2)]
    [InlineData(10, 20, 3, 3)]
    [InlineData(4, 20, 0, 0)]
    [InlineData(10, 100, 0, 10)]
    public async Task ABudgetIsAShareOfTheRequestsInFlightAndReplacesTheNumber(int requests, double percent, int minimum, int expected)
    {
        _breaker.Configure(NoLimits with { MaxRetries = 1, RetryBudget = new RetryBudgetConfig(percent, minimum) });
        for (var i = 0; i < requests; i++)
        {
            await Enter();
        }

        var allowed = 0;
        while (_breaker.TryBeginRetry())
        {
            allowed++;
        }

        Assert.Equal(expected, allowed);
    }

    [Fact]
    public async Task UnderContentionTheGateNeverExceedsItsLimitNorForgetsAnybody()
    {
        _breaker.Configure(NoLimits with { MaxConnections = 3 });
        var inside = 0;
        var most = 0;

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 2000; i++)
            {
                Assert.Equal(Admission.AdmittedOnConnection, await Enter(ownConnection: true));
                var now = Interlocked.Increment(ref inside);
                InterlockedMax(ref most, now);
                if (i % 7 == 0)
                {
                    await Task.Yield();
                }

                Interlocked.Decrement(ref inside);
                _breaker.Leave(onConnection: true);
            }
        }))).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.InRange(most, 1, 3);
        Assert.Equal((0, 0), (_breaker.Requests, _breaker.Pending));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }

    private Task<Admission> Enter(bool ownConnection = false) => _breaker.EnterAsync(ownConnection, CancellationToken.None).AsTask();
}
