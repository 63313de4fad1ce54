using System.Diagnostics.Metrics;
using ProxylessMesh.Client;

namespace ProxylessMesh.Server.Tcp;

/// <summary>What rules for connections did, by Envoy's names of the results (Envoy, "Role Based Access Control (RBAC) Network Filter": allowed, denied, shadow_denied).</summary>
internal static class TcpInstruments
{
    private static readonly Meter s_meter = new(MeshMetrics.ServerTcpMeterName);

    private static readonly Counter<long> s_judged =
        s_meter.CreateCounter<long>("tcp_rbac_connections_total", "{connection}", "Connections that access rules have judged.");

    public static void Judged(int port, string result)
    {
        if (s_judged.Enabled)
        {
            s_judged.Add(1, new KeyValuePair<string, object?>("port", port), new KeyValuePair<string, object?>("result", result));
        }
    }
}
