namespace ProxylessMesh.Xds.LoadReports;

/// <summary>What was sent to one cluster since the last time that it was told.</summary>
/// <param name="Cluster">Its name.</param>
/// <param name="ServiceName">That its endpoints were asked for by.</param>
/// <param name="Interval">Since then.</param>
/// <param name="Dropped">Calls that the circuit breaker turned away, or the control plane wanted dropped.</param>
/// <param name="Localities">Those to which something was sent.</param>
internal sealed record ClusterLoadStats(string Cluster, string ServiceName, TimeSpan Interval, long Dropped, IReadOnlyList<LocalityStats> Localities)
{
    /// <summary>Of <see cref="Dropped"/>, those that the control plane wanted, by category.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Drops { get; init; } = [];
}
