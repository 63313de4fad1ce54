using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Service.LoadStats.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.LoadReports;

/// <summary>Requests of the load reporting service.</summary>
internal static class LoadStatsMessages
{
    private const string AllClusters = "envoy.lrs.supports_send_all_clusters";

    /// <summary>The first: who asks, and nothing else.</summary>
    public static LoadStatsRequest First(NodeInfo node)
    {
        var message = NodeMapping.ToNode(node);
        message.ClientFeatures.Add(AllClusters);
        return new LoadStatsRequest { Node = message };
    }

    public static LoadStatsRequest Report(IEnumerable<ClusterLoadStats> clusters) => new() { ClusterStats = { clusters.Select(ToMessage) } };

    private static ClusterStats ToMessage(ClusterLoadStats cluster) => new()
    {
        ClusterName = cluster.Cluster,
        ClusterServiceName = cluster.ServiceName,
        TotalDroppedRequests = (ulong)cluster.Dropped,
        DroppedRequests = { cluster.Drops.Select(d => new ClusterStats.Types.DroppedRequests { Category = d.Key, DroppedCount = (ulong)d.Value }) },
        LoadReportInterval = cluster.Interval.ToDuration(),
        UpstreamLocalityStats = { cluster.Localities.Select(ToMessage) },
    };

    private static UpstreamLocalityStats ToMessage(LocalityStats stats) => new()
    {
        Locality = new Locality { Region = stats.Locality.Region, Zone = stats.Locality.Zone, SubZone = stats.Locality.SubZone },
        Priority = (uint)stats.Priority,
        TotalIssuedRequests = (ulong)stats.Issued,
        TotalSuccessfulRequests = (ulong)stats.Succeeded,
        TotalErrorRequests = (ulong)stats.Failed,
        TotalRequestsInProgress = (ulong)stats.InProgress,
        CpuUtilization = ToMessage(stats.Cpu),
        MemUtilization = ToMessage(stats.Memory),
        ApplicationUtilization = ToMessage(stats.Application),
        LoadMetricStats =
        {
            stats.Named.Select(m => new EndpointLoadMetricStats
            {
                MetricName = LoadReportNames.NamedPrefix + m.Key,
                NumRequestsFinishedWithMetric = (ulong)m.Value.Count,
                TotalMetricValue = m.Value.Total,
            }),
        },
    };

    private static UnnamedEndpointLoadMetricStats? ToMessage(LoadSum sum) =>
        sum.Count == 0 ? null : new() { NumRequestsFinishedWithMetric = (ulong)sum.Count, TotalMetricValue = sum.Total };
}
