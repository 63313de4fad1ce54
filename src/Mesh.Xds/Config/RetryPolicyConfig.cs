namespace ProxylessMesh.Xds.Config;

/// <summary>When and how often a call is tried again.</summary>
/// <param name="Conditions">Which failures count.</param>
/// <param name="StatusCodes">Response codes that count with <see cref="RetryConditions.RetriableStatusCodes"/>.</param>
/// <param name="MaxRetries">Beyond the first attempt.</param>
/// <param name="PerTryTimeout">Null: the route's timeout only.</param>
/// <param name="BaseInterval">First back-off, jittered; Envoy's default is 25 ms.</param>
/// <param name="MaxInterval">Back-off ceiling; Envoy's default is ten times the base.</param>
/// <param name="AvoidPreviousHosts">Prefer endpoints that this call has not tried.</param>
internal sealed record RetryPolicyConfig(
    RetryConditions Conditions,
    EquatableArray<int> StatusCodes,
    int MaxRetries,
    TimeSpan? PerTryTimeout,
    TimeSpan BaseInterval,
    TimeSpan MaxInterval,
    bool AvoidPreviousHosts)
{
    /// <summary>Response headers that count with <see cref="RetryConditions.RetriableHeaders"/>: any of them.</summary>
    public EquatableArray<HeaderMatchConfig> RetriableHeaders { get; init; } = [];

    /// <summary>Only requests with any of these are retried; empty: all.</summary>
    public EquatableArray<HeaderMatchConfig> RetriableRequestHeaders { get; init; } = [];

    /// <summary>Null: responses have no say in how long to wait.</summary>
    public RateLimitedBackOffConfig? RateLimitedBackOff { get; init; }

    /// <summary>How often an endpoint is drawn anew because the call has tried it; Envoy's default is 1.</summary>
    public int HostSelectionAttempts { get; init; } = 1;

    /// <summary>After so many attempts the priorities tried so far are left out (previous_priorities); null: they are not.</summary>
    public int? PriorityUpdateFrequency { get; init; }

    /// <summary>Of one attempt: how long it may wait for the next byte of its response; null: no limit of its own.</summary>
    public TimeSpan? PerTryIdleTimeout { get; init; }
}
