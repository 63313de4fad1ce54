namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>
/// How Envoy shares load among priorities ("Priority levels", "Panic threshold"): each takes what its healthy endpoints can
/// carry with the overprovisioning factor, the rest spills to the next. In whole percent, as in Envoy, so that all proxies agree.
/// </summary>
internal static class PriorityLoads
{
    /// <param name="levels">By priority; all endpoints and the healthy ones.</param>
    /// <param name="overprovisioningPercent">140: a level with 72 % of its endpoints healthy still takes all.</param>
    /// <param name="panicThresholdPercent">Below so many percent healthy a level uses all its endpoints, unless the levels together can carry the load; 0 = never.</param>
    public static (int Load, bool Panic)[] Of(IReadOnlyList<(int All, int Healthy)> levels, int overprovisioningPercent, double panicThresholdPercent)
    {
        var availability = new int[levels.Count];
        for (var i = 0; i < availability.Length; i++)
        {
            availability[i] = levels[i].All == 0 ? 0 : (int)Math.Min(100, (long)overprovisioningPercent * levels[i].Healthy / levels[i].All);
        }

        var total = Math.Min(100, availability.Sum());
        var panic = new bool[levels.Count];
        for (var i = 0; i < panic.Length; i++)
        {
            panic[i] = total < 100 && (levels[i].All == 0 ? 0 : 100.0 * levels[i].Healthy / levels[i].All) < panicThresholdPercent;
        }

        int[] loads;
        if (Array.TrueForAll(panic, p => p))
        {
            var all = levels.Sum(l => l.All);
            loads = Share([.. levels.Select(l => all == 0 ? 0 : (int)(100L * l.All / all))]);
        }
        else
        {
            loads = Share([.. availability.Select(a => total == 0 ? 0 : a * 100 / total)]);
        }

        return [.. loads.Zip(panic)];
    }

    /// <summary>What each wants, cut so that all is 100; what rounding leaves goes to the first that wants anything.</summary>
    private static int[] Share(int[] wanted)
    {
        var left = 100;
        for (var i = 0; i < wanted.Length; i++)
        {
            wanted[i] = Math.Min(left, wanted[i]);
            left -= wanted[i];
        }

        var first = Array.FindIndex(wanted, w => w > 0);
        if (wanted.Length > 0)
        {
            wanted[Math.Max(first, 0)] += left;
        }

        return wanted;
    }
}
