namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>What one client, and all clients together, may cost.</summary>
internal sealed record AdsSettings
{
    /// <summary>Names that a stream may subscribe to, per type.</summary>
    public int MaxNamesPerType { get; init; } = 10_000;

    /// <summary>In UTF-16 code units.</summary>
    public int MaxNameLength { get; init; } = 1024;

    /// <summary>A client that does not take a response for this long is disconnected; it will come back with a clean slate.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a new stream may stay silent.</summary>
    public TimeSpan FirstRequestTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Streams of all clients together.</summary>
    public int MaxStreams { get; init; } = 20_000;

    /// <summary>Streams of one node. gRPC's libraries open one for each target and server, and an agent passes on all of its app's.</summary>
    public int MaxStreamsPerNode { get; init; } = 100;

    /// <summary>New streams that are admitted at once, after a quiet time.</summary>
    public int StreamBurst { get; init; } = 500;

    /// <summary>
    /// New streams that are admitted in a second when all come at once. Istio's formula for this (15 + 5 for each core, 100 at most)
    /// would make 5,000 clients wait for minutes on two cores; here it limits what is worked on at the same time.
    /// </summary>
    public int StreamsPerSecond { get; init; } = 500;

    /// <summary>How long a new stream may be made to wait for its turn; where that is not enough, it is sent away with UNAVAILABLE.</summary>
    public TimeSpan LongestStreamWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Responses that are put together at the same time (Istio, PILOT_PUSH_THROTTLE).</summary>
    public int ConcurrentPushes { get; init; } = Math.Min(15 + (5 * Environment.ProcessorCount), 100);
}
