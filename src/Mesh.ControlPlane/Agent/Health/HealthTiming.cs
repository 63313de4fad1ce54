namespace ProxylessMesh.ControlPlane.Agent.Health;

/// <summary>When a workload counts as healthy.</summary>
internal sealed record HealthTiming
{
    /// <summary>After a check that succeeded.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After one that did not: it is wanted out soon, and back soon.</summary>
    public TimeSpan UnhealthyInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Of one check.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>So many failures in a row take a workload out; one success brings it back.</summary>
    public int FailureThreshold { get; init; } = 3;
}
