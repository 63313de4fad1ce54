using System.CommandLine;
using ProxylessMesh.ControlPlane.LoadReports;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary>Whether clients tell the load that they make, and how often.</summary>
internal static class LoadReportOption
{
    private const string Name = "--load-report-interval";

    public static Option<TimeSpan?> Create() => new(Name)
    {
        Description = "Have clients tell how often what load they make; shown at /debug/loadz of the admin address. 1s to 1h. Not told unless given.",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!GoDuration.TryParse(text, out var interval) || interval < TimeSpan.FromSeconds(1) || interval > TimeSpan.FromHours(1))
            {
                result.AddError($"{Name} {text} is no duration from 1s to 1h: write 10s or 1m");
            }

            return interval;
        },
    };

    public static LoadReportSettings? Settings(TimeSpan? interval) => interval is { } often ? new LoadReportSettings { Interval = often } : null;
}
