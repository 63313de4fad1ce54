using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using ProxylessMesh.Client.LoadReports;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Client.Tests.LoadReports;

/// <summary>What is counted for the control plane (gRFCs A27, A64, A85).</summary>
public sealed class LoadStatsTests
{
    private static readonly LoadStatsConfig Plain = new();

    private readonly LoadStats _stats;
    private readonly Testing.FakeTime _time = new();
    private bool? _wanted;

    public LoadStatsTests() => _stats = new LoadStats(_time) { Changed = wanted => _wanted = wanted };

    [Fact]
    public async Task Each_attempt_is_counted_by_how_it_ended_and_only_once_told()
    {
        using var call = Call(Plain);
        Assert.True(_wanted);
        call.Upstream.Status("a", 200);
        call.Upstream.Status("b", 503);
        (await call.Send(SampleCall.Forward())).Dispose();
        (await call.Send(SampleCall.Forward())).Dispose();
        call.Upstream.Fail("a", new HttpRequestException(HttpRequestError.ConnectionError));
        (await call.Send(SampleCall.Forward())).Dispose();
        _time.Advance(TimeSpan.FromSeconds(2));

        var cluster = Assert.Single(_stats.Take(_ => true));

        Assert.Equal((Sample.ClusterName, TimeSpan.FromSeconds(2), 0L), (cluster.Cluster, cluster.Interval, cluster.Dropped));
        Assert.Equal(new LocalityStats(default, 0, 3, 1, 2) { Named = cluster.Localities[0].Named }, Assert.Single(cluster.Localities));
        Assert.Empty(_stats.Take(_ => true));
    }

    [Fact]
    public async Task Retries_count_as_attempts()
    {
        using var call = Call(Plain);
        call.Upstream.Status("a", 503);
        call.Upstream.Status("b", 200);
        (await call.Send(SampleCall.Forward(Sample.Retry(RetryConditions.ServerError)))).Dispose();

        Assert.Equal((2, 1, 1), Counts());
    }

    [Fact]
    public async Task A_call_under_way_is_told_as_such_and_its_end_later()
    {
        using var call = Call(Plain);
        call.Upstream.Status("a", 200);
        using var response = await call.Send(SampleCall.Forward());

        var stats = Assert.Single(Assert.Single(_stats.Take(_ => true)).Localities);
        Assert.Equal((1, 0, 0, 1), (stats.Issued, stats.Succeeded, stats.Failed, stats.InProgress));
        Assert.Equal(1, Assert.Single(Assert.Single(_stats.Take(_ => true)).Localities).InProgress);

        await response.Content.ReadAsByteArrayAsync();
        Assert.Equal((0, 1, 0), Counts());
        Assert.Empty(_stats.Take(_ => true));
    }

    [Fact]
    public async Task A_gRPC_call_counts_by_its_status()
    {
        using var call = Call(Plain);
        foreach (var (status, failed) in (List<(string?, bool)>)[("0", false), ("14", true), ("5", true), (null, true)])
        {
            HttpResponseMessage Answer()
            {
                var response = new HttpResponseMessage(HttpStatusCode.OK) { Version = HttpVersion.Version20, Content = new StreamContent(new MemoryStream([1])) };
                response.Content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
                if (status is not null)
                {
                    response.TrailingHeaders.TryAddWithoutValidation("grpc-status", status);
                }

                return response;
            }

            call.Upstream.Answer("a", (_, _) => Task.FromResult(Answer()));
            call.Upstream.Answer("b", (_, _) => Task.FromResult(Answer()));
            using var response = await call.Send(SampleCall.Forward());
            await response.Content.ReadAsByteArrayAsync();

            Assert.Equal((1, failed ? 0 : 1, failed ? 1 : 0), Counts());
        }
    }

    [Fact]
    public async Task What_the_circuit_breaker_turns_away_is_dropped()
    {
        using var call = Call(Plain, limits: CircuitBreakerConfig.Default with { MaxRequests = 1 });
        call.Upstream.Status("a", 200);
        using var held = await call.Send(SampleCall.Forward());
        (await call.Send(SampleCall.Forward())).Dispose();
        (await call.Send(SampleCall.Forward())).Dispose();

        Assert.Equal(2, Assert.Single(_stats.Take(_ => true)).Dropped);
        Assert.Equal(0, Assert.Single(_stats.Take(_ => true)).Dropped);
    }

    [Fact]
    public async Task Localities_are_told_apart()
    {
        var endpoints = new EndpointsConfig(Sample.ClusterName,
        [
            new LocalityConfig(new LocalityId("eu", "1", ""), 1, 0, [Sample.Endpoint("a")]),
            new LocalityConfig(new LocalityId("us", "1", ""), 1, 0, [Sample.Endpoint("b")]),
        ]);
        using var call = Call(Plain, endpoints);
        call.Upstream.Status("a", 200);
        call.Upstream.Status("b", 500);
        (await call.Send(SampleCall.Forward())).Dispose();
        (await call.Send(SampleCall.Forward())).Dispose();

        Assert.Equal(
            ["eu 1 0", "us 0 1"],
            Assert.Single(_stats.Take(_ => true)).Localities.Select(l => $"{l.Locality.Region} {l.Succeeded} {l.Failed}").Order());
    }

    [Fact]
    public async Task Numbers_of_reports_are_added_up_as_far_as_they_are_asked_for()
    {
        using var call = Call(new LoadStatsConfig { CpuUtilization = true, NamedMetrics = ["queue"] });
        foreach (var address in (string[])["a", "b"])
        {
            call.Upstream.Answer(address, (_, _) =>
            {
                var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([1]) };
                response.Headers.TryAddWithoutValidation("endpoint-load-metrics", "TEXT cpu_utilization=0.5,mem_utilization=0.5,named_metrics.queue=3,named_metrics.other=1");
                return Task.FromResult(response);
            });
            (await call.Send(SampleCall.Forward())).Dispose();
        }

        var stats = Assert.Single(Assert.Single(_stats.Take(_ => true)).Localities);
        Assert.Equal((new LoadSum(2, 1), default(LoadSum)), (stats.Cpu, stats.Memory));
        Assert.Equal([new("queue", new LoadSum(2, 6))], stats.Named);
    }

    [Fact]
    public async Task Clusters_that_are_not_asked_for_keep_their_counts()
    {
        using var call = Call(Plain);
        call.Upstream.Status("a", 200);
        (await call.Send(SampleCall.Forward())).Dispose();

        Assert.Empty(_stats.Take(name => name == "another"));
        Assert.Equal((1, 1, 0), Counts());
    }

    [Fact]
    public void Without_lrs_server_nothing_is_counted_and_nobody_is_told()
    {
        using var call = Call(Plain);
        call.Cluster.Apply(Sample.Snapshot(Sample.Cluster(), Sample.Endpoints("a", "b")));

        Assert.False(_wanted);
        Assert.All(call.Cluster.Model.Known, e => Assert.Null(e.Load));
    }

    private SampleCall Call(LoadStatsConfig config, EndpointsConfig? endpoints = null, CircuitBreakerConfig? limits = null) => new(
        Sample.Cluster() with { LoadStats = config, CircuitBreakers = limits ?? CircuitBreakerConfig.Default },
        endpoints,
        new LoadServices(_ => _stats, NullLogger.Instance));

    private (long Issued, long Succeeded, long Failed) Counts()
    {
        var stats = Assert.Single(Assert.Single(_stats.Take(_ => true)).Localities);
        return (stats.Issued, stats.Succeeded, stats.Failed);
    }
}
