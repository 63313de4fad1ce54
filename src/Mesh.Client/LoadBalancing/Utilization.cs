using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>How busy a report says that its endpoint is: by the app's own measure, else the highest of the named ones, else by its processors (gRFC A114).</summary>
internal static class Utilization
{
    public static double Of(in LoadReport report, EquatableArray<string> names)
    {
        if (report.ApplicationUtilization > 0)
        {
            return report.ApplicationUtilization;
        }

        var highest = 0.0;
        foreach (var name in names.AsSpan())
        {
            var value = Value(in report, name);
            highest = value > highest && double.IsFinite(value) ? value : highest;
        }

        return highest > 0 ? highest : report.CpuUtilization;
    }

    private static double Value(in LoadReport report, string name) => name switch
    {
        LoadReportNames.ApplicationUtilization => report.ApplicationUtilization,
        LoadReportNames.CpuUtilization => report.CpuUtilization,
        LoadReportNames.MemoryUtilization => report.MemoryUtilization,
        _ => name.StartsWith(LoadReportNames.NamedPrefix, StringComparison.Ordinal) ? report.Named(name.AsSpan(LoadReportNames.NamedPrefix.Length)) : 0,
    };
}
