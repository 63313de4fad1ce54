namespace ProxylessMesh.Client.OutlierDetection;

/// <summary>An attempt, as outlier detection sees it.</summary>
internal enum AttemptVerdict
{
    Success,
    ServerError,
    GatewayFailure,

    /// <summary>No response: no connection, a reset, a time-out. Counts as a gateway failure unless the two are split.</summary>
    LocalFailure,
}
