using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using ProxylessMesh.ControlPlane.Model;

namespace ProxylessMesh.ControlPlane.Translation.Clusters;

/// <summary>Whether clients tell us the load that they make, and with it what endpoints say of theirs (gRFC A85).</summary>
internal static class LoadStatsBuilder
{
    private static readonly string[] s_metrics = ["cpu_utilization", "mem_utilization", "application_utilization", "named_metrics.*"];

    public static void Apply(Cluster cluster, MeshSettings settings)
    {
        if (settings.LoadReports)
        {
            cluster.LrsServer = new ConfigSource { Self = new SelfConfigSource(), ResourceApiVersion = ApiVersion.V3 };
            cluster.LrsReportEndpointMetrics.Add(s_metrics);
        }
    }
}
