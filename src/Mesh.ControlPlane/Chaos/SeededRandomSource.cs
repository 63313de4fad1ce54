using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.ControlPlane.Chaos;

/// <summary>Dice that fall alike for the same seed on every machine and runtime (SplitMix64). For one thread.</summary>
internal sealed class SeededRandomSource(ulong seed) : IRandomSource
{
    private ulong _state = seed;

    public int Next(int exclusiveMax) => (int)(((UInt128)NextBits() * (ulong)exclusiveMax) >> 64);

    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1ul << 53));

    private ulong NextBits()
    {
        var bits = _state += 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
