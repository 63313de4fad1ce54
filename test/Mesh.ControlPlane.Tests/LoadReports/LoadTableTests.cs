using Envoy.Config.Endpoint.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.LoadReports;

namespace ProxylessMesh.ControlPlane.Tests.LoadReports;

public class LoadTableTests
{
    private static readonly LoadReportSettings s_small = new() { MaxClusters = 3, MaxClustersOfClient = 2, MaxLocalities = 2, MaxMetrics = 2 };

    private readonly LoadTable _table = new(s_small);
    private readonly (object Stream, HashSet<string> Known) _one = (new(), []);
    private readonly (object Stream, HashSet<string> Known) _two = (new(), []);

    [Fact]
    public void Totals_add_up_and_what_is_so_now_goes_with_the_client()
    {
        Add(_one, Report("reviews", issued: 20, succeeded: 15, failed: 3, inProgress: 2, dropped: 1));
        Add(_two, Report("reviews", issued: 10, succeeded: 8, failed: 0, inProgress: 5));
        Add(_one, Report("reviews", issued: 40, succeeded: 42, failed: 0, inProgress: 0));

        var view = Assert.Single(_table.Read());
        Assert.Equal(("reviews", 2, 70ul, 65ul, 3ul, 1ul, 5ul), (view.Cluster, view.Clients, view.Issued, view.Succeeded, view.Failed, view.Dropped, view.InProgress));
        Assert.Equal(5, view.RequestsPerSecond);

        _table.Forget(_two.Stream, _two.Known);
        view = Assert.Single(_table.Read());
        Assert.Equal((1, 70ul, 0ul, 4.0), (view.Clients, view.Issued, view.InProgress, view.RequestsPerSecond));
    }

    [Fact]
    public void Localities_and_metrics_are_told_apart()
    {
        var report = Report("reviews", issued: 1, succeeded: 1);
        report.UpstreamLocalityStats.Add(new UpstreamLocalityStats
        {
            Locality = new() { Region = "eu", Zone = "a" },
            TotalIssuedRequests = 2,
            CpuUtilization = new() { NumRequestsFinishedWithMetric = 2, TotalMetricValue = 1 },
            LoadMetricStats = { new EndpointLoadMetricStats { MetricName = "named_metrics.queue", NumRequestsFinishedWithMetric = 4, TotalMetricValue = 6 } },
        });
        Add(_one, report);

        var view = Assert.Single(_table.Read());
        Assert.Equal([" 1", "eu/a 2"], view.Localities.Select(l => $"{l.Locality} {l.Issued}"));
        Assert.Equal((0.5, 1.5), (view.Metrics["cpu_utilization"], view.Metrics["named_metrics.queue"]));
    }

    [Fact]
    public void A_client_that_invents_names_finds_bounds()
    {
        for (var i = 0; i < 10; i++)
        {
            var report = Report($"invented-{i}", issued: 1);
            for (var k = 0; k < 10; k++)
            {
                report.UpstreamLocalityStats.Add(new UpstreamLocalityStats
                {
                    Locality = new() { Region = $"r{k}" },
                    TotalIssuedRequests = ulong.MaxValue,
                    LoadMetricStats = { new EndpointLoadMetricStats { MetricName = $"m{k}", NumRequestsFinishedWithMetric = 1, TotalMetricValue = double.MaxValue } },
                });
            }

            Add(_one, report);
        }

        Add(_two, Report("reviews", issued: 1));
        Add(_two, Report("ratings", issued: 1));

        var views = _table.Read();
        Assert.Equal(2, _one.Known.Count);
        Assert.Equal(3, views.Length);
        Assert.All(views, v => Assert.True(v.Localities.Length <= 2 && v.Metrics.Count <= 2 && v.Metrics.Values.All(double.IsFinite)));
    }

    private static ClusterStats Report(string cluster, ulong issued = 0, ulong succeeded = 0, ulong failed = 0, ulong inProgress = 0, ulong dropped = 0) => new()
    {
        ClusterName = cluster,
        TotalDroppedRequests = dropped,
        LoadReportInterval = new Duration { Seconds = 10 },
        UpstreamLocalityStats =
        {
            new UpstreamLocalityStats { TotalIssuedRequests = issued, TotalSuccessfulRequests = succeeded, TotalErrorRequests = failed, TotalRequestsInProgress = inProgress },
        },
    };

    private void Add((object Stream, HashSet<string> Known) client, ClusterStats report) => _table.Add(client.Stream, client.Known, report);
}
