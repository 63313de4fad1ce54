namespace ProxylessMesh.Xds.LoadReports;

/// <summary>Names of fields, in settings and in the formats of a report.</summary>
internal static class LoadReportNames
{
    public const string CpuUtilization = "cpu_utilization";
    public const string MemoryUtilization = "mem_utilization";
    public const string ApplicationUtilization = "application_utilization";
    public const string RequestsPerSecond = "rps_fractional";
    public const string ErrorsPerSecond = "eps";

    /// <summary>Of the map.</summary>
    public const string NamedMetrics = "named_metrics";

    /// <summary>A name of the map has it in front: <c>named_metrics.queue</c>.</summary>
    public const string NamedPrefix = "named_metrics.";

    /// <summary>Trailer of a gRPC call, or header of a response: the message's bytes in base64 (gRFC A51).</summary>
    public const string BinaryHeader = "endpoint-load-metrics-bin";

    /// <summary>Envoy's header for servers without Protobuf: <c>TEXT ...</c>, <c>JSON ...</c> or <c>BIN ...</c>.</summary>
    public const string TextHeader = "endpoint-load-metrics";
}
