namespace ProxylessMesh.Xds.Config;

/// <summary>The policy and its parameters; those of other policies have their defaults. <paramref name="ChoiceCount"/>: samples of least request, 2 to 10 (gRFC A48).</summary>
internal readonly record struct LoadBalancingConfig(LoadBalancingPolicy Policy, int ChoiceCount = 2)
{
    /// <summary>Ring hash: the fewest entries that Envoy makes unless told.</summary>
    public const int DefaultMinimumRingSize = 1024;

    /// <summary>Ring hash: more is not accepted.</summary>
    public const int MaxRingSize = 8 * 1024 * 1024;

    /// <summary>Maglev: Envoy's default.</summary>
    public const int DefaultTableSize = 65537;

    /// <summary>Least request with unequal weights: how much requests in flight count; 0 or more.</summary>
    public double ActiveRequestBias { get; init; } = 1;

    /// <summary>Ring hash: entries at least, as far as <see cref="MaximumRingSize"/> lets.</summary>
    public int MinimumRingSize { get; init; } = DefaultMinimumRingSize;

    /// <summary>Ring hash: entries at most.</summary>
    public int MaximumRingSize { get; init; } = MaxRingSize;

    /// <summary>Maglev: entries; a prime.</summary>
    public int TableSize { get; init; } = DefaultTableSize;

    /// <summary>Round robin, weighted or not, and least request: null = new endpoints get their full share at once.</summary>
    public SlowStartConfig? SlowStart { get; init; }

    /// <summary>Round robin, random and least request: null = localities share by their weights.</summary>
    public ZoneAwareConfig? ZoneAware { get; init; }

    /// <summary>Weighted round robin by reports: null = the defaults.</summary>
    public ClientWeightsConfig? ClientWeights { get; init; }

    /// <summary>Pick first: every process has an order of its own, in which heavy endpoints tend to stand in front.</summary>
    public bool ShufflesAddresses { get; init; }

    /// <summary>So many endpoints of a priority, each process others; 0 = all.</summary>
    public int SubsetSize { get; init; }

    /// <summary>With which endpoints sessions stay, where the route has sessions; Envoy's default.</summary>
    public SessionHealth Sessions { get; init; } = SessionHealth.Healthy | SessionHealth.Degraded;

    /// <summary>With fewer healthy endpoints of a priority than this, all of them are used (common_lb_config.healthy_panic_threshold); 0 = never.</summary>
    public double PanicThresholdPercent { get; init; }
}
