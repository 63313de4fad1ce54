using System.Diagnostics.CodeAnalysis;

namespace ProxylessMesh.Xds.Randomness;

/// <summary>The runtime's thread-safe generator.</summary>
internal sealed class SystemRandomSource : IRandomSource
{
    public static SystemRandomSource Instance { get; } = new();

#pragma warning disable RS0030 // This is the one place that may touch the shared generator.
    [SuppressMessage("Security", "CA5394", Justification = "Load balancing and jitter need speed, not secrecy.")]
    public int Next(int exclusiveMax) => Random.Shared.Next(exclusiveMax);

    [SuppressMessage("Security", "CA5394", Justification = "Load balancing and jitter need speed, not secrecy.")]
    public double NextDouble() => Random.Shared.NextDouble();
#pragma warning restore RS0030
}
