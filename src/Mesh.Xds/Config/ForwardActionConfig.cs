namespace ProxylessMesh.Xds.Config;

/// <summary>Forward to one of the clusters, chosen once per request by weight. Weights are positive.</summary>
/// <param name="Clusters">At least one.</param>
/// <param name="Timeout">Of the whole call with all retries; null or zero: none.</param>
/// <param name="Retry">Null: no retries.</param>
internal sealed record ForwardActionConfig(
    EquatableArray<WeightedClusterConfig> Clusters,
    TimeSpan? Timeout,
    RetryPolicyConfig? Retry) : RouteActionConfig
{
    /// <summary>Null: the path stays.</summary>
    public PathRewriteConfig? PathRewrite { get; init; }

    /// <summary>Null: the Host stays.</summary>
    public string? HostRewrite { get; init; }

    /// <summary>Whether a rewritten Host is kept in x-forwarded-host.</summary>
    public bool AppendForwardedHost { get; init; }

    public EquatableArray<MirrorConfig> Mirrors { get; init; }

    /// <summary>What consistent load balancing goes by, in order.</summary>
    public EquatableArray<HashPolicyConfig> HashPolicies { get; init; }
}
