namespace ProxylessMesh.ControlPlane.Agent.Health;

/// <summary>When a workload counts as healthy.</summary>
internal sealed record HealthTiming
{
    /// <summary>Between checks of a healthy workload.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Between checks of one that is not: it is wanted back soon.</summary>
    public TimeSpan UnhealthyInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Of one check.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>So many failures in a row take a workload out; one success brings it back.</summary>
    public int FailureThreshold { get; init; } = 3;
}
