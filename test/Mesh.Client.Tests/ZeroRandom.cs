using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.Tests;

/// <summary>Dice that always show the least: no pause between attempts.</summary>
internal sealed class ZeroRandom : IRandomSource
{
    public int Next(int exclusiveMax) => 0;

    public double NextDouble() => 0;
}
