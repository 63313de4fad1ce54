using ProxylessMesh.Client.Faults;
using ProxylessMesh.Client.Telemetry;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.Calls;

/// <summary>What every call needs from its surroundings.</summary>
/// <param name="Time">Clock of timeouts and back-off.</param>
/// <param name="Random">Dice of weights and jitter.</param>
internal sealed record CallContext(TimeProvider Time, IRandomSource Random)
{
    /// <summary>The faults under way in this process.</summary>
    public ActiveFaults Faults { get; } = new();

    /// <summary>Of the calling workload.</summary>
    public CallTelemetry Telemetry { get; init; } = new(SourceTags.Unnamed, Time);
}
