using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Testing;

/// <summary>Repeatable dice.</summary>
internal sealed class SeededRandom(int seed) : IRandomSource
{
    private readonly Random _random = new(seed);
    private readonly Lock _lock = new();

    public int Next(int exclusiveMax)
    {
        lock (_lock)
        {
            return _random.Next(exclusiveMax);
        }
    }

    public double NextDouble()
    {
        lock (_lock)
        {
            return _random.NextDouble();
        }
    }
}
