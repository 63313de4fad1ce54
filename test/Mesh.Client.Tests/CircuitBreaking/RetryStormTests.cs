using System.Net;
using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.CircuitBreaking;

/// <summary>Three hops, each with three retries, of which the last always fails: what reaches each hop.</summary>
public sealed class RetryStormTests : IDisposable
{
    private const int Callers = 100;
    private const int Calls = 2000;
    private const int Hops = 3;
    private readonly HttpMessageInvoker _passThrough = new(new SocketsHttpHandler());
    private readonly int[] _arrived = new int[Hops];

    public void Dispose() => _passThrough.Dispose();

    [Fact]
    public async Task WithoutABudgetEveryHopMultiplies()
    {
        await Task.Run(() => Run(null));

        Assert.Equal([4 * Calls, 16 * Calls, 64 * Calls], _arrived);
    }

    [Fact]
    public async Task ABudgetKeepsRetriesToTheirShareOfEveryHopsLoad()
    {
        await Task.Run(() => Run(new RetryBudgetConfig(20, 0)));

        // A fifth of what is in flight may be retries: at most a quarter on top of the first attempts.
        Assert.InRange(_arrived[0], Calls, 1.25 * Calls);
        for (var hop = 1; hop < Hops; hop++)
        {
            Assert.InRange(_arrived[hop], _arrived[hop - 1], 1.25 * _arrived[hop - 1]);
        }
    }

    /// <summary>A hundred callers, each with one call after the other. Off xunit's context, so that setting a result runs what waits for it in place.</summary>
    private async Task Run(RetryBudgetConfig? budget)
    {
        var time = new FakeTime();
        var context = new CallContext(time, new ZeroRandom());
        var waiting = new List<TaskCompletionSource>();
        var clusters = new ClusterState[Hops];
        for (var i = Hops - 1; i >= 0; i--)
        {
            var hop = i;
            var upstream = new StubUpstream();
            upstream.Answer("a", async (_, _) =>
            {
                Interlocked.Increment(ref _arrived[hop]);
                if (hop + 1 < Hops)
                {
                    using var answer = await Send(clusters[hop + 1], context);
                    return new HttpResponseMessage(answer.StatusCode) { Content = new StreamContent(new MemoryStream([1])) };
                }

                var turn = new TaskCompletionSource();
                waiting.Add(turn);
                await turn.Task;
                return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new StreamContent(new MemoryStream([1])) };
            });
            clusters[i] = new ClusterState(Sample.ClusterName, upstream.Handler, time, new SeededRandom(1));
            clusters[i].Apply(Sample.Snapshot(
                Sample.Cluster() with { CircuitBreakers = new CircuitBreakerConfig(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, budget) },
                Sample.Endpoints("a")));
        }

        var left = Calls;
        var callers = Enumerable.Range(0, Callers).Select(async _ =>
        {
            while (left-- > 0)
            {
                using var response = await Send(clusters[0], context);
                Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            }
        }).ToArray();
        while (waiting.Count > 0)
        {
            var wave = waiting.ToArray();
            waiting.Clear();
            foreach (var turn in wave)
            {
                turn.SetResult();
            }
        }

        await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.All(clusters, c => Assert.Equal((0, 0), (c.Breaker.Requests, c.Breaker.Retries)));
    }

    private Task<HttpResponseMessage> Send(ClusterState cluster, CallContext context) => MeshCall.SendAsync(
        new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080/"),
        Sample.Route(cluster, Sample.Retry(RetryConditions.ServerError, retries: 3)),
        _passThrough,
        context,
        default);
}
