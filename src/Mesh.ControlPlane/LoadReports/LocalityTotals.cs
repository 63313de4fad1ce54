using Envoy.Config.Endpoint.V3;

namespace ProxylessMesh.ControlPlane.LoadReports;

/// <summary>What was sent to one locality of a cluster, by all clients.</summary>
internal sealed class LocalityTotals
{
    public ulong Issued { get; private set; }

    public ulong Succeeded { get; private set; }

    public ulong Failed { get; private set; }

    public void Add(UpstreamLocalityStats stats)
    {
        Issued += stats.TotalIssuedRequests;
        Succeeded += stats.TotalSuccessfulRequests;
        Failed += stats.TotalErrorRequests;
    }
}
