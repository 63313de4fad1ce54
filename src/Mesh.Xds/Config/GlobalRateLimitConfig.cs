namespace ProxylessMesh.Xds.Config;

/// <summary>Rate limits that a service keeps for all servers (Envoy's ratelimit).</summary>
/// <param name="Domain">What the service knows the limits under.</param>
/// <param name="Service">Who is asked.</param>
internal sealed record GlobalRateLimitConfig(string Domain, GrpcServiceConfig Service)
{
    /// <summary>How long the service may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(20);

    public EquatableArray<DescriptorRuleConfig> Rules { get; init; } = [];

    /// <summary>Without an answer requests are refused.</summary>
    public bool FailsClosed { get; init; }

    /// <summary>Of those refusals.</summary>
    public int StatusOnError { get; init; } = 500;

    /// <summary>Share of requests that the service is asked about, in millionths.</summary>
    public int EnabledPerMillion { get; init; } = 1_000_000;

    /// <summary>Share of those over the limit that are refused, in millionths.</summary>
    public int EnforcedPerMillion { get; init; } = 1_000_000;

    public int Status { get; init; } = 429;

    /// <summary>gRPC calls over the limit get RESOURCE_EXHAUSTED instead of UNAVAILABLE.</summary>
    public bool AsResourceExhausted { get; init; }

    /// <summary>Whether responses tell with x-ratelimit headers what is left.</summary>
    public bool TellsLimits { get; init; }

    /// <summary>Whether refusals carry x-envoy-ratelimited.</summary>
    public bool MarksRefusals { get; init; } = true;

    /// <summary>On refusals.</summary>
    public EquatableArray<HeaderMutationConfig> ResponseHeaders { get; init; } = [];
}
