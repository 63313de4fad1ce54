using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Chaos;

/// <summary>What <c>mesh chaos</c> may do.</summary>
internal sealed record ChaosOptions
{
    /// <summary>The folder that the control plane watches.</summary>
    public required string ConfigDirectory { get; init; }

    /// <summary>One of them is thrown at a time; at least one.</summary>
    public required IReadOnlyList<HttpFault> Faults { get; init; }

    /// <summary>From the beginning of a round to that of the next; at least <see cref="Duration"/>.</summary>
    public required TimeSpan Every { get; init; }

    /// <summary>Of a fault.</summary>
    public required TimeSpan Duration { get; init; }

    public ChaosWindow Window { get; init; } = ChaosWindow.Always;

    /// <summary>So many services have faults at a time, those of other experiments in the folder counted.</summary>
    public int MaxServices { get; init; } = 1;

    /// <summary>Only these; empty: all.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    public IReadOnlyList<string> ExcludedNamespaces { get; init; } = [];

    /// <summary>Rounds; null: until told to stop.</summary>
    public int? Rounds { get; init; }
}
