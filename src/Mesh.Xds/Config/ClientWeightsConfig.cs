namespace ProxylessMesh.Xds.Config;

/// <summary>How weighted round robin makes weights of the load that endpoints report (ClientSideWeightedRoundRobin, gRFCs A58 and A114).</summary>
internal sealed record ClientWeightsConfig
{
    public static ClientWeightsConfig Default { get; } = new();

    /// <summary>Gets rid of weights that change too often for nothing.</summary>
    public static TimeSpan ShortestUpdatePeriod { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>So long an endpoint must have reported before its weight counts; 0 = at once.</summary>
    public TimeSpan Blackout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After so long without a report the weight counts no more.</summary>
    public TimeSpan Expiration { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How often weights are looked at; 100 ms or more.</summary>
    public TimeSpan UpdatePeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What the share of failed requests is multiplied with before it is added to the utilization; 0 or more.</summary>
    public double ErrorPenalty { get; init; } = 1;

    /// <summary>Reports are asked for on a stream at this interval; null: they come with the responses.</summary>
    public TimeSpan? OutOfBandPeriod { get; init; }

    /// <summary>Whose highest value is the utilization where the app reports none: <c>mem_utilization</c>, <c>named_metrics.queue</c>.</summary>
    public EquatableArray<string> MetricNames { get; init; } = [];
}
