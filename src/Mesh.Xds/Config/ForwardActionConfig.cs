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

    /// <summary>What bounds gRPC calls in the place of the timeout; null: the timeout does.</summary>
    public GrpcTimeoutConfig? GrpcTimeout { get; init; }

    /// <summary>The route speaks of max_stream_duration itself, so the connection manager's does not count.</summary>
    public bool OwnStreamDuration { get; init; }

    /// <summary>How long a call may go without a byte either way; zero: for ever; null: as the connection manager says.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>When the per-try timeout runs out, another attempt starts beside the first, which goes on.</summary>
    public bool HedgeOnPerTryTimeout { get; init; }

    /// <summary>Bytes of a body that are kept for retries; null: the data plane's own limit.</summary>
    public int? ReplayLimit { get; init; }

    /// <summary>Requests say which attempt they are (x-envoy-attempt-count).</summary>
    public bool AttemptCountInRequest { get; init; }

    /// <summary>Responses say which attempt they are of.</summary>
    public bool AttemptCountInResponse { get; init; }

    /// <summary>What consistent load balancing goes by, in order.</summary>
    public EquatableArray<HashPolicyConfig> HashPolicies { get; init; }
}
