namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Unset numbers are null; Istio's defaults apply (consecutive5xxErrors 5, interval 10 s, baseEjectionTime 30 s, maxEjectionPercent 10).</summary>
internal sealed record OutlierDetection(
    int? Consecutive5xxErrors,
    int? ConsecutiveGatewayErrors,
    TimeSpan? Interval,
    TimeSpan? BaseEjectionTime,
    int? MaxEjectionPercent,
    SourcePosition Position);
