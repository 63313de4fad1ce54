namespace ProxylessMesh.Xds.Config;

/// <summary>The load that this process makes is told to the control plane (Cluster.lrs_server), and with it numbers of the endpoints' reports (lrs_report_endpoint_metrics, gRFC A85).</summary>
internal sealed record LoadStatsConfig
{
    public bool CpuUtilization { get; init; }

    public bool MemoryUtilization { get; init; }

    public bool ApplicationUtilization { get; init; }

    /// <summary>named_metrics.*: whatever there is.</summary>
    public bool AllNamedMetrics { get; init; }

    /// <summary>Those of named_metrics that are told, without that prefix.</summary>
    public EquatableArray<string> NamedMetrics { get; init; } = [];

    /// <summary>Whether reports are looked at for it.</summary>
    public bool HasMetrics => CpuUtilization || MemoryUtilization || ApplicationUtilization || HasNamedMetrics;

    public bool HasNamedMetrics => AllNamedMetrics || NamedMetrics.AsSpan().Length > 0;
}
