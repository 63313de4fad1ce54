namespace ProxylessMesh.Xds.Config;

/// <summary>When an endpoint is ejected. Defaults are Envoy's (outlier_detection.proto); Istio writes its own on top.</summary>
/// <param name="Consecutive5xx">Server errors in a row until ejection; 0 = off.</param>
/// <param name="ConsecutiveGatewayFailures">502, 503, 504 and local failures in a row until ejection; 0 = off.</param>
/// <param name="Interval">Between sweeps that end ejections.</param>
/// <param name="BaseEjectionTime">Times the number of ejections so far.</param>
/// <param name="MaxEjectionTime">Ceiling of the product.</param>
/// <param name="MaxEjectionPercent">Of the cluster's endpoints, 0 to 100; at least one may always be ejected while this is above 0.</param>
internal sealed record OutlierDetectionConfig(
    int Consecutive5xx,
    int ConsecutiveGatewayFailures,
    TimeSpan Interval,
    TimeSpan BaseEjectionTime,
    TimeSpan MaxEjectionTime,
    int MaxEjectionPercent);
