namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>
/// Lays things out in an array in which each stands as often as its weight asks, evenly spread (smooth weighted round robin),
/// so that a pick needs one index into it.
/// </summary>
internal static class WeightedSlots
{
    /// <summary>Weights are scaled down to fit: 1 in 4,096 is as fine as it gets, or an eighth of the mean weight where there are many.</summary>
    private const int MinBudget = 4096;

    private const int BudgetOfEach = 8;

    private const int Few = 8;

    /// <summary>The index of each slot's thing, all in order when the weights are equal.</summary>
    public static int[] Spread(IReadOnlyList<double> weights)
    {
        var copies = Copies(weights);
        if (copies.All(c => c == 1))
        {
            return [.. Enumerable.Range(0, copies.Length)];
        }

        // Each copy k of a thing of weight w belongs at (k + 1/2) / w of the round: sorting by that spreads all evenly.
        var total = copies.Sum();
        if (copies.Length <= Few)
        {
            return Merge(copies, total);
        }

        var at = new double[total];
        var slots = new int[total];
        var slot = 0;
        for (var i = 0; i < copies.Length; i++)
        {
            for (var k = 0; k < copies[i]; k++, slot++)
            {
                (at[slot], slots[slot]) = ((k + 0.5) / copies[i], i);
            }
        }

        Array.Sort(at, slots);
        return slots;
    }

    /// <summary>Of a few things the next is found sooner than all are sorted.</summary>
    private static int[] Merge(int[] copies, int total)
    {
        var slots = new int[total];
        var taken = new int[copies.Length];
        for (var slot = 0; slot < total; slot++)
        {
            // What has been taken to its last copy belongs behind the round's end.
            var (first, at) = (0, double.MaxValue);
            for (var i = 0; i < copies.Length; i++)
            {
                var next = (taken[i] + 0.5) / copies[i];
                (first, at) = next < at ? (i, next) : (first, at);
            }

            taken[first]++;
            slots[slot] = first;
        }

        return slots;
    }

    private static int[] Copies(IReadOnlyList<double> weights)
    {
        var unit = Unit(weights);
        var total = weights.Sum() / unit;
        var shrink = Math.Max(1, total / Math.Max(MinBudget, weights.Count * BudgetOfEach));
        return [.. weights.Select(w => Math.Max(1, (int)Math.Round(w / unit / shrink)))];
    }

    /// <summary>What one copy stands for: the greatest common divisor of whole weights, else so little that the budget decides.</summary>
    private static double Unit(IReadOnlyList<double> weights)
    {
        ulong divisor = 0;
        foreach (var weight in weights)
        {
            if (weight != Math.Floor(weight) || weight > uint.MaxValue)
            {
                return weights.Sum() / Math.Max(MinBudget, weights.Count * BudgetOfEach);
            }

            divisor = GreatestCommonDivisor(divisor, (ulong)weight);
        }

        return Math.Max(divisor, 1);
    }

    private static ulong GreatestCommonDivisor(ulong a, ulong b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }
}
