namespace ProxylessMesh.ControlPlane.LoadReports;

/// <summary>What clients are told to report, and what one may cost.</summary>
internal sealed record LoadReportSettings
{
    /// <summary>How often clients report.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Streams at a time.</summary>
    public int MaxStreams { get; init; } = 20_000;

    /// <summary>Of one request.</summary>
    public int MaxMessageSize { get; init; } = 4 * 1024 * 1024;

    /// <summary>Requests of one stream in an interval, where one is due.</summary>
    public int MaxRequestsInInterval { get; init; } = 10;

    /// <summary>How long a client may take for its first request.</summary>
    public TimeSpan FirstRequestTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Clusters that are kept; clients name them.</summary>
    public int MaxClusters { get; init; } = 10_000;

    /// <summary>Clusters of one client.</summary>
    public int MaxClustersOfClient { get; init; } = 2_000;

    /// <summary>Localities of one cluster.</summary>
    public int MaxLocalities { get; init; } = 100;

    /// <summary>Metrics of one cluster.</summary>
    public int MaxMetrics { get; init; } = 100;
}
