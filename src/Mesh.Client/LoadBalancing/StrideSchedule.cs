namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>
/// Picks by weight out of one shared count: earliest deadline first without a queue, as gRPC's libraries do it for
/// weighted_round_robin (gRFC A58). The count's place in the round names one; by the number of the round it is taken or passed over, so that
/// the heaviest is taken in every round and others in as many as their weight asks, evenly spread. Nothing is locked or changed.
/// </summary>
internal sealed class StrideSchedule
{
    private const uint MaxWeight = ushort.MaxValue;
    private const ulong Offset = MaxWeight / 2;

    /// <summary>What is heavier than so many times the mean counts as that: it bounds the rounds that a pick may take.</summary>
    private const double MaxRatio = 10;

    /// <summary>What is lighter counts as that: whoever gets no request can never report better days.</summary>
    private const double MinRatio = 0.01;

    private readonly ushort[] _weights;

    private StrideSchedule(ushort[] weights) => _weights = weights;

    /// <summary>Null: fewer than two weights are known (above 0), so there is nothing to go by. One that is not known counts as the mean of the others.</summary>
    public static StrideSchedule? Of(ReadOnlySpan<double> weights)
    {
        var known = 0;
        double sum = 0, max = 0;
        foreach (var weight in weights)
        {
            known += weight > 0 ? 1 : 0;
            sum += weight;
            max = Math.Max(max, weight);
        }

        if (known < 2)
        {
            return null;
        }

        var mean = sum / known;
        max = Math.Min(max, mean * MaxRatio);
        var scale = MaxWeight / max;
        var scaledMean = Round(mean * scale);
        var least = (ushort)Math.Max(1, (int)Round(scaledMean * MinRatio));
        var scaled = new ushort[weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            scaled[i] = weights[i] > 0 ? Math.Max(least, Round(Math.Min(weights[i], max) * scale)) : scaledMean;
        }

        return new StrideSchedule(scaled);
    }

    /// <summary>The place of the one whose turn it is.</summary>
    public int Pick(Turn turn)
    {
        while (true)
        {
            var (round, index) = Math.DivRem(turn.Next(), (uint)_weights.Length);
            ulong weight = _weights[index];

            // The offset keeps neighbours of the same weight from being passed over in the same rounds.
            if (ModuloMaxWeight((weight * round) + (index * Offset)) >= MaxWeight - weight)
            {
                return (int)index;
            }
        }
    }

    /// <summary>Without a division, since 2^16 leaves 1: the digits in that base are added up until there is one. For numbers up to 2^49.</summary>
    private static ulong ModuloMaxWeight(ulong value)
    {
        value = (value & MaxWeight) + (value >> 16);
        value = (value & MaxWeight) + (value >> 16);
        value = (value & MaxWeight) + (value >> 16);
        return value >= MaxWeight ? value - MaxWeight : value;
    }

    private static ushort Round(double value) => (ushort)Math.Round(value, MidpointRounding.AwayFromZero);
}
