namespace ProxylessMesh.ControlPlane.Translation;

/// <summary>Keeps sums of weights inside what xDS allows: a total of at most 2^32-1 (gRFC A28, A56), each at least 1.</summary>
internal static class WeightScale
{
    public static IReadOnlyList<uint> Fit(IReadOnlyList<uint> weights)
    {
        var total = weights.Aggregate(0UL, (sum, weight) => sum + weight);
        if (total <= uint.MaxValue)
        {
            return weights;
        }

        var divisor = (total / (uint.MaxValue / 2)) + 1;
        return [.. weights.Select(weight => Math.Max(1, (uint)(weight / divisor)))];
    }
}
