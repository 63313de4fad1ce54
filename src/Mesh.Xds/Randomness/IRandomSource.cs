namespace ProxylessMesh.Xds.Randomness;

/// <summary>The dice of load balancing, weights and jitter; tests bring their own.</summary>
internal interface IRandomSource
{
    /// <summary>Uniform in [0, <paramref name="exclusiveMax"/>).</summary>
    int Next(int exclusiveMax);

    /// <summary>Uniform in [0, 1).</summary>
    double NextDouble();
}
