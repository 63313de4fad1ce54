using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>loadBalancer.backendUtilization.</summary>
internal static class BackendUtilizationReader
{
    private const string Names = "metricNamesForComputingUtilization";
    private const string Named = "named_metrics.";

    public static BackendUtilization Read(YamlObject item)
    {
        var names = item.Strings(Names);
        foreach (var name in names.AsSpan())
        {
            if (!IsKnown(name))
            {
                item.Problems.Error(
                    item.PositionOf(Names),
                    ProblemCodes.InvalidValue,
                    $"{item.PathOf(Names)}: {Quoted.Of(name)} is no number of a load report",
                    "write cpu_utilization, mem_utilization, application_utilization, or named_metrics. and the app's own name");
            }
        }

        var read = new BackendUtilization(
            item.Duration("weightStabilizationPeriod", orZero: true),
            item.Duration("weightExpirationPeriod"),
            item.Duration("weightUpdatePeriod"),
            item.Int("errorUtilizationPenaltyPercent", min: 0),
            names);
        item.Close(KnownFields.None);
        return read;
    }

    /// <summary>gRFC A114: data planes look at no others.</summary>
    private static bool IsKnown(string name) =>
        name is "cpu_utilization" or "mem_utilization" or "application_utilization"
        || (name.StartsWith(Named, StringComparison.Ordinal) && name.Length > Named.Length);
}
