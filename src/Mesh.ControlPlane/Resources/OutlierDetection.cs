namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Unset numbers are null; Istio's defaults apply (consecutive5xxErrors 5, interval 10 s, baseEjectionTime 30 s, maxEjectionPercent 10).</summary>
internal sealed record OutlierDetection(
    int? Consecutive5xxErrors,
    int? ConsecutiveGatewayErrors,
    TimeSpan? Interval,
    TimeSpan? BaseEjectionTime,
    int? MaxEjectionPercent,
    SourcePosition Position)
{
    /// <summary>Attempts without a response have a count of their own.</summary>
    public bool SplitLocalOrigin { get; init; }

    /// <summary>With fewer healthy endpoints than this percentage, ejected ones are used, too; 0 = never.</summary>
    public int MinHealthPercent { get; init; }

    /// <summary>Status codes that are errors besides 5xx, 100 to 599.</summary>
    public IReadOnlyList<int> ErrorCodes { get; init; } = [];

    /// <summary>Counts only when split; 5 when not given.</summary>
    public int? ConsecutiveLocalOriginFailures { get; init; }
}
