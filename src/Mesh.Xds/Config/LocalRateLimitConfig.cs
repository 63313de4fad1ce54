namespace ProxylessMesh.Xds.Config;

/// <summary>Rate limits that a server keeps for itself (Envoy's local_ratelimit).</summary>
internal sealed record LocalRateLimitConfig
{
    /// <summary>For requests without a descriptor of their own, or for all (<see cref="AlwaysDefault"/>); null: there is no such limit.</summary>
    public TokenBucketConfig? Default { get; init; }

    /// <summary>Whether requests with a descriptor take from the default bucket, too.</summary>
    public bool AlwaysDefault { get; init; } = true;

    public EquatableArray<LocalDescriptorConfig> Descriptors { get; init; } = [];

    public EquatableArray<DescriptorRuleConfig> Rules { get; init; } = [];

    /// <summary>Buckets that a descriptor with open values may have.</summary>
    public int MaxDynamic { get; init; } = 20;

    /// <summary>Share of requests that are looked at, in millionths.</summary>
    public int EnabledPerMillion { get; init; }

    /// <summary>Share of those over the limit that are refused, in millionths.</summary>
    public int EnforcedPerMillion { get; init; }

    /// <summary>Each connection has buckets of its own.</summary>
    public bool PerConnection { get; init; }

    public int Status { get; init; } = 429;

    /// <summary>gRPC calls over the limit get RESOURCE_EXHAUSTED instead of UNAVAILABLE.</summary>
    public bool AsResourceExhausted { get; init; }

    /// <summary>Whether responses tell with x-ratelimit headers what is left.</summary>
    public bool TellsLimits { get; init; }

    /// <summary>On refusals.</summary>
    public EquatableArray<HeaderMutationConfig> ResponseHeaders { get; init; } = [];

    /// <summary>On requests over the limit that pass all the same.</summary>
    public EquatableArray<HeaderMutationConfig> NotEnforcedHeaders { get; init; } = [];
}
