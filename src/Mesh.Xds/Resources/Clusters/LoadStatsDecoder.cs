using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Xds.Resources.Clusters;

/// <summary>lrs_server and lrs_report_endpoint_metrics (gRFCs A27, A64, A85).</summary>
internal static class LoadStatsDecoder
{
    private const string All = "*";

    public static LoadStatsConfig? Decode(Cluster cluster, DecodeContext context)
    {
        if (cluster.LrsServer is not { } server)
        {
            return null;
        }

        if (server.ConfigSourceSpecifierCase != ConfigSource.ConfigSourceSpecifierOneofCase.Self)
        {
            context.Error("lrs_server", "must be self");
            return null;
        }

        // What is not known is passed over (gRFC A85): a newer control plane may ask for more.
        var metrics = cluster.LrsReportEndpointMetrics;
        string[] named = [.. metrics.Where(m => m.StartsWith(LoadReportNames.NamedPrefix, StringComparison.Ordinal)).Select(m => m[LoadReportNames.NamedPrefix.Length..])];
        return new LoadStatsConfig
        {
            CpuUtilization = metrics.Contains(LoadReportNames.CpuUtilization),
            MemoryUtilization = metrics.Contains(LoadReportNames.MemoryUtilization),
            ApplicationUtilization = metrics.Contains(LoadReportNames.ApplicationUtilization),
            AllNamedMetrics = named.Contains(All),
            NamedMetrics = named.Where(m => m != All).ToEquatableArray(),
        };
    }
}
