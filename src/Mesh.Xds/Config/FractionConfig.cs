namespace ProxylessMesh.Xds.Config;

/// <summary>A FractionalPercent: <paramref name="Numerator"/> of <paramref name="Denominator"/> (100, 10,000 or 1,000,000) requests.</summary>
internal sealed record FractionConfig(uint Numerator, int Denominator)
{
    /// <summary>What an absent percentage means for faults: never (gRFC A33).</summary>
    public static FractionConfig Never { get; } = new(0, 100);
}
