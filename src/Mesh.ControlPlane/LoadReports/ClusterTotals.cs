using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;

namespace ProxylessMesh.ControlPlane.LoadReports;

/// <summary>What clients have told of one cluster since the control plane began. For whoever holds the table's lock.</summary>
internal sealed class ClusterTotals
{
    private readonly Dictionary<string, LocalityTotals> _localities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MetricTotal> _metrics = new(StringComparer.Ordinal);
    private readonly Dictionary<object, ClientLoad> _clients = [];

    public ulong Dropped { get; private set; }

    public int Clients => _clients.Count;

    public IReadOnlyDictionary<string, LocalityTotals> Localities => _localities;

    public IReadOnlyDictionary<string, MetricTotal> Metrics => _metrics;

    /// <summary>As the clients that are connected said last.</summary>
    public ulong InProgress => _clients.Values.Aggregate(0ul, (sum, c) => sum + c.InProgress);

    public double RequestsPerSecond => _clients.Values.Sum(c => c.RequestsPerSecond);

    public void Add(object client, ClusterStats stats, LoadReportSettings settings)
    {
        Dropped += stats.TotalDroppedRequests;
        ulong inProgress = 0, issued = 0;
        foreach (var locality in stats.UpstreamLocalityStats)
        {
            inProgress += locality.TotalRequestsInProgress;
            issued += locality.TotalIssuedRequests;
            Of(_localities, Name(locality.Locality), settings.MaxLocalities)?.Add(locality);
            Add("cpu_utilization", locality.CpuUtilization, settings);
            Add("mem_utilization", locality.MemUtilization, settings);
            Add("application_utilization", locality.ApplicationUtilization, settings);
            foreach (var metric in locality.LoadMetricStats)
            {
                Of(_metrics, metric.MetricName, settings.MaxMetrics)?.Add(metric.NumRequestsFinishedWithMetric, metric.TotalMetricValue);
            }
        }

        var seconds = stats.LoadReportInterval is { } interval ? interval.Seconds + (interval.Nanos / 1e9) : 0;
        _clients[client] = new ClientLoad(inProgress, seconds >= 0.001 ? issued / seconds : 0);
    }

    public void Forget(object client) => _clients.Remove(client);

    private static string Name(Locality? locality) => locality is null ? "" : $"{locality.Region}/{locality.Zone}/{locality.SubZone}".TrimEnd('/');

    private void Add(string name, UnnamedEndpointLoadMetricStats? metric, LoadReportSettings settings)
    {
        if (metric is not null)
        {
            Of(_metrics, name, settings.MaxMetrics)?.Add(metric.NumRequestsFinishedWithMetric, metric.TotalMetricValue);
        }
    }

    /// <summary>Null: there are enough.</summary>
    private static T? Of<T>(Dictionary<string, T> all, string name, int most)
        where T : class, new()
    {
        if (!all.TryGetValue(name, out var one) && all.Count < most)
        {
            one = new T();
            all.Add(name, one);
        }

        return one;
    }
}
