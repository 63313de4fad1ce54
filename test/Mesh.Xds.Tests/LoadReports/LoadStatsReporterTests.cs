using System.Text.Json.Nodes;
using Envoy.Config.Endpoint.V3;
using Envoy.Service.LoadStats.V3;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Xds.Tests.LoadReports;

/// <summary>Load reports to the control plane (gRFCs A27, A64, A85).</summary>
public sealed class LoadStatsReporterTests : IAsyncDisposable
{
    private readonly FakeTime _time = new();
    private readonly ScriptedLoadServer _server = new();
    private readonly Source _source = new();
    private readonly CollectedLogs _logs = new();
    private readonly LoadStatsReporter _reporter;

    public LoadStatsReporterTests() => _reporter = new LoadStatsReporter(
        _server,
        () => new NodeInfo("node-1", "cluster", new LocalityId("r", "z", "s"), new JsonObject()),
        _source,
        _time,
        new SeededRandom(1),
        _logs.CreateLogger("test"));

    [Fact]
    public async Task Rule20_the_first_request_is_the_node_and_reports_follow_the_answer_at_its_interval()
    {
        _reporter.SetWanted(true);
        var stream = await _server.AcceptAsync();
        var first = await stream.NextAsync();
        Assert.Equal(("node-1", 0), (first.Node.Id, first.ClusterStats.Count));
        Assert.Contains("envoy.lrs.supports_send_all_clusters", first.Node.ClientFeatures);
        Assert.False(stream.HasRequest);

        stream.Send(new LoadStatsResponse { SendAllClusters = true, LoadReportingInterval = new Duration { Seconds = 5 } });
        foreach (var expected in (string[])["one", "two"])
        {
            await _time.WhenArmedAsync(1);
            _time.Advance(TimeSpan.FromSeconds(4.9));
            Assert.False(stream.HasRequest);
            _source.Stats = [Stats(expected)];
            _time.Advance(TimeSpan.FromSeconds(0.1));
            var report = await stream.NextAsync();
            Assert.Null(report.Node);
            Assert.Equal(expected, Assert.Single(report.ClusterStats).ClusterName);
        }
    }

    [Fact]
    public async Task Every_count_stands_in_its_field()
    {
        _source.Stats = [Stats("one")];
        _reporter.SetWanted(true);
        var stream = await AnsweredAsync(new LoadStatsResponse { SendAllClusters = true, LoadReportingInterval = new Duration { Seconds = 1 } });
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(
            new ClusterStats
            {
                ClusterName = "one",
                ClusterServiceName = "service",
                TotalDroppedRequests = 7,
                DroppedRequests = { new ClusterStats.Types.DroppedRequests { Category = "lb", DroppedCount = 5 } },
                LoadReportInterval = new Duration { Seconds = 3 },
                UpstreamLocalityStats =
                {
                    new UpstreamLocalityStats
                    {
                        Locality = new() { Region = "r", Zone = "z" },
                        Priority = 1,
                        TotalIssuedRequests = 10,
                        TotalSuccessfulRequests = 6,
                        TotalErrorRequests = 2,
                        TotalRequestsInProgress = 4,
                        CpuUtilization = new() { NumRequestsFinishedWithMetric = 2, TotalMetricValue = 0.75 },
                        LoadMetricStats = { new EndpointLoadMetricStats { MetricName = "named_metrics.queue", NumRequestsFinishedWithMetric = 1, TotalMetricValue = 17 } },
                    },
                },
            },
            Assert.Single((await stream.NextAsync()).ClusterStats));
    }

    [Fact]
    public async Task Only_clusters_that_the_server_asks_for_are_told_until_it_asks_for_others()
    {
        _source.Stats = [Stats("one"), Stats("two")];
        _reporter.SetWanted(true);
        var stream = await AnsweredAsync(new LoadStatsResponse { Clusters = { "two" }, LoadReportingInterval = new Duration { Seconds = 1 } });
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["two"], (await stream.NextAsync()).ClusterStats.Select(c => c.ClusterName));

        await _time.WhenArmedAsync(1);
        stream.Send(new LoadStatsResponse { Clusters = { "one" }, LoadReportingInterval = new Duration { Seconds = 60 } });
        await UntilAsync(() => _logs.Entries.Any(e => e.Id.Id == 1181 && e.Text.Contains("60 s", StringComparison.Ordinal)));
        await _time.WhenArmedAsync(1);
        _time.Advance(TimeSpan.FromSeconds(59));
        _time.Advance(TimeSpan.FromSeconds(1));
        LoadStatsRequest report;
        do
        {
            report = await stream.NextAsync();
        }
        while (report.ClusterStats.Any(c => c.ClusterName == "two"));

        Assert.Equal(["one"], report.ClusterStats.Select(c => c.ClusterName));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(-5, 0)]
    public async Task No_server_gets_more_than_one_report_a_second(long seconds, int nanos)
    {
        _reporter.SetWanted(true);
        var stream = await AnsweredAsync(new LoadStatsResponse { SendAllClusters = true, LoadReportingInterval = new Duration { Seconds = seconds, Nanos = nanos } });
        _time.Advance(TimeSpan.FromSeconds(0.99));
        Assert.False(stream.HasRequest);

        _time.Advance(TimeSpan.FromSeconds(0.01));
        await stream.NextAsync();
    }

    [Fact]
    public async Task A_stream_that_ended_is_opened_again_and_back_off_grows_while_the_server_says_nothing()
    {
        _server.Refuse = new GrpcException(GrpcStatusCode.Unimplemented, "no such method");
        _reporter.SetWanted(true);
        foreach (var longest in (double[])[1.2, 1.92, 3.08])
        {
            await _time.WhenArmedAsync(1);
            _time.Advance(TimeSpan.FromSeconds(longest));
        }

        await UntilAsync(() => _server.Opened == 4);
        Assert.Single(_logs.Entries, e => e.Id.Id == 1182 && e.Text.Contains("no such method", StringComparison.Ordinal));

        _server.Refuse = null;
        await _time.WhenArmedAsync(1);
        _time.Advance(TimeSpan.FromMinutes(2));
        var stream = await AnsweredAsync(new LoadStatsResponse { SendAllClusters = true, LoadReportingInterval = new Duration { Seconds = 10 } });

        // One that has lasted is followed at once.
        _time.Advance(TimeSpan.FromMinutes(5));
        stream.End();
        Assert.NotNull((await (await _server.AcceptAsync()).NextAsync()).Node);
    }

    [Fact]
    public async Task When_no_cluster_asks_any_more_the_stream_ends_and_begins_again_with_the_next()
    {
        _reporter.SetWanted(true);
        var stream = await AnsweredAsync(new LoadStatsResponse { SendAllClusters = true, LoadReportingInterval = new Duration { Seconds = 1 } });
        _reporter.SetWanted(false);
        await stream.ClosedByClient;

        _reporter.SetWanted(true);
        Assert.NotNull((await (await _server.AcceptAsync()).NextAsync()).Node);
    }

    public async ValueTask DisposeAsync()
    {
        await _reporter.DisposeAsync();
        _logs.Dispose();
    }

    private static ClusterLoadStats Stats(string cluster) => new(
        cluster,
        "service",
        TimeSpan.FromSeconds(3),
        7,
        [
            new LocalityStats(new LocalityId("r", "z", ""), 1, 10, 6, 2)
            {
                InProgress = 4,
                Cpu = new LoadSum(2, 0.75),
                Named = [new("queue", new LoadSum(1, 17))],
            },
        ])
    {
        Drops = [KeyValuePair.Create("lb", 5L)],
    };

    private static async Task UntilAsync(Func<bool> condition)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(30), "waited 30 s in vain");
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }

    private async Task<ScriptedLoadServer.ScriptedStream> AnsweredAsync(LoadStatsResponse response)
    {
        var stream = await _server.AcceptAsync();
        await stream.NextAsync();
        stream.Send(response);
        await _time.WhenArmedAsync(1);
        return stream;
    }

    private sealed class Source : ILoadStatsSource
    {
        public IReadOnlyList<ClusterLoadStats> Stats { get; set; } = [];

        public IReadOnlyList<ClusterLoadStats> Take(Func<string, bool> isWanted) => [.. Stats.Where(s => isWanted(s.Cluster))];
    }
}
