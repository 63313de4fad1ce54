using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>The blocks that are set; null blocks inherit.</summary>
internal sealed record TrafficPolicy(
    LoadBalancer? LoadBalancer,
    ConnectionPool? ConnectionPool,
    OutlierDetection? OutlierDetection,
    ClientTls? Tls,
    EquatableArray<PortTrafficPolicy> Ports)
{
    public RetryBudget? RetryBudget { get; init; }
}
