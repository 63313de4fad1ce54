using Google.Protobuf;
using Xds.Data.Orca.V3;

namespace ProxylessMesh.Xds.LoadReports;

/// <summary>A report as OrcaLoadReport.</summary>
internal static class LoadReportMessages
{
    public static OrcaLoadReport ToMessage(in LoadReport report)
    {
        var message = new OrcaLoadReport
        {
            CpuUtilization = report.CpuUtilization,
            MemUtilization = report.MemoryUtilization,
            ApplicationUtilization = report.ApplicationUtilization,
            RpsFractional = report.RequestsPerSecond,
            Eps = report.ErrorsPerSecond,
        };
        foreach (var (name, value) in report.NamedMetrics ?? [])
        {
            message.NamedMetrics[name] = value;
        }

        return message;
    }

    /// <summary>The value of endpoint-load-metrics-bin; without padding, as gRPC asks of senders.</summary>
    public static string ToHeader(in LoadReport report) => Convert.ToBase64String(ToMessage(in report).ToByteArray()).TrimEnd('=');

    /// <summary>With its named metrics, as far as they are kept.</summary>
    public static LoadReport From(OrcaLoadReport message) =>
        new(message.CpuUtilization, message.MemUtilization, message.ApplicationUtilization, message.RpsFractional, message.Eps)
        {
            NamedMetrics = message.NamedMetrics.Count == 0 ? null : [.. message.NamedMetrics.Take(LoadReportWire.MaxNamedMetrics)],
        };
}
