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
    int MaxEjectionPercent)
{
    /// <summary>Percent of ejections for server errors in a row that are carried out.</summary>
    public int EnforcingConsecutive5xx { get; init; } = 100;

    /// <summary>Percent of ejections for gateway failures in a row that are carried out.</summary>
    public int EnforcingConsecutiveGatewayFailures { get; init; } = 100;

    /// <summary>Failures to get a response at all are counted apart, by <see cref="ConsecutiveLocalOriginFailures"/> only.</summary>
    public bool SplitLocalOrigin { get; init; }

    /// <summary>Attempts without a response in a row until ejection; 0 = off. Counts only when split.</summary>
    public int ConsecutiveLocalOriginFailures { get; init; }

    /// <summary>Percent of ejections for local failures in a row that are carried out.</summary>
    public int EnforcingConsecutiveLocalOriginFailures { get; init; } = 100;

    /// <summary>Null: off.</summary>
    public SuccessRateConfig? SuccessRate { get; init; }

    /// <summary>Null: off.</summary>
    public FailurePercentageConfig? FailurePercentage { get; init; }

    /// <summary>Of attempts that got no response, when split: every response is a success. Null: off.</summary>
    public SuccessRateConfig? LocalOriginSuccessRate { get; init; }

    /// <summary>Of attempts that got no response, when split. Null: off.</summary>
    public FailurePercentageConfig? LocalOriginFailurePercentage { get; init; }

    /// <summary>Responses that are errors, 5xx or not; all others are none, not even 5xx. Null: 5xx.</summary>
    public StatusSet? Errors { get; init; }

    /// <summary>A random time up to this is added to each ejection, so that not all return at once.</summary>
    public TimeSpan MaxJitter { get; init; }

    /// <summary>One endpoint may be ejected whatever <see cref="MaxEjectionPercent"/> says.</summary>
    public bool AlwaysEjectOne { get; init; }

    /// <summary>Whether attempts have to be counted for the sweep.</summary>
    public bool HasSweeps => SweepsAttempts || SweepsLocalOrigin;

    /// <summary>Whether the sweep judges by what came of attempts.</summary>
    public bool SweepsAttempts => SuccessRate is not null || FailurePercentage is not null;

    /// <summary>Whether the sweep judges by attempts that got no response.</summary>
    public bool SweepsLocalOrigin => LocalOriginSuccessRate is not null || LocalOriginFailurePercentage is not null;
}
