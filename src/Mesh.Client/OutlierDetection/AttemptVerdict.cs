namespace ProxylessMesh.Client.OutlierDetection;

/// <summary>An attempt, as outlier detection sees it. Local failures (no connection, reset, time-out) count as gateway failures.</summary>
internal enum AttemptVerdict
{
    Success,
    ServerError,
    GatewayFailure,
}
