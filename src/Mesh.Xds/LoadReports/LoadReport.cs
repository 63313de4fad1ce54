namespace ProxylessMesh.Xds.LoadReports;

/// <summary>What an endpoint says of its load (xds.data.orca.v3.OrcaLoadReport). A number that it does not say is 0, as on the wire.</summary>
/// <param name="CpuUtilization">1 = all that it may have.</param>
/// <param name="MemoryUtilization">1 = all that it may have.</param>
/// <param name="ApplicationUtilization">By the app's own measure, 1 = as much as it should bear.</param>
/// <param name="RequestsPerSecond">All of them, failed ones too.</param>
/// <param name="ErrorsPerSecond">Failed ones.</param>
internal readonly record struct LoadReport(
    double CpuUtilization, double MemoryUtilization, double ApplicationUtilization, double RequestsPerSecond, double ErrorsPerSecond)
{
    /// <summary>By the app's own names; null: none, or nobody asked for them.</summary>
    public KeyValuePair<string, double>[]? NamedMetrics { get; init; }

    /// <summary>0: there is none of that name.</summary>
    public double Named(ReadOnlySpan<char> name)
    {
        foreach (var (key, value) in NamedMetrics ?? [])
        {
            if (name.SequenceEqual(key))
            {
                return value;
            }
        }

        return 0;
    }
}
