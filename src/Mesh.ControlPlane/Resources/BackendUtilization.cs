using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>loadBalancer.backendUtilization: weights by the load that endpoints report. Null: the data plane's default.</summary>
internal sealed record BackendUtilization(
    TimeSpan? StabilizationPeriod, TimeSpan? ExpirationPeriod, TimeSpan? UpdatePeriod, int? ErrorPenaltyPercent, EquatableArray<string> MetricNames);
