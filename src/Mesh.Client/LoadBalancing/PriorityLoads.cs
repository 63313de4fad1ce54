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
    public static (int Load, bool Panic)[] Of(IReadOnlyList<(int All, int Healthy)> levels, int overprovisioningPercent, double panicThresholdPercent) =>
        [.. Of([.. levels.Select(l => new PriorityHealth(l.All, l.Healthy, 0))], overprovisioningPercent, panicThresholdPercent).Select(l => (l.Healthy, l.Panic))];

    /// <summary>The same with degraded endpoints, which get what the healthy ones of all levels cannot carry (Envoy, "Degraded endpoints").</summary>
    public static (int Healthy, int Degraded, bool Panic)[] Of(IReadOnlyList<PriorityHealth> levels, int overprovisioningPercent, double panicThresholdPercent)
    {
        var count = levels.Count;
        int[] availability =
        [
            .. levels.Select(l => Carries(l.Healthy, l.All, overprovisioningPercent)),
            .. levels.Select(l => Carries(l.Degraded, l.All, overprovisioningPercent)),
        ];
        var total = Math.Min(100, availability.Sum());
        bool[] panic = [.. levels.Select(l => total < 100 && (l.All == 0 ? 0 : 100.0 * (l.Healthy + l.Degraded) / l.All) < panicThresholdPercent)];
        int[] loads;
        if (Array.TrueForAll(panic, p => p))
        {
            var all = levels.Sum(l => l.All);
            loads = Share([.. levels.Select(l => all == 0 ? 0 : (int)(100L * l.All / all)), .. new int[count]]);
        }
        else
        {
            loads = Share([.. availability.Select(a => total == 0 ? 0 : a * 100 / total)]);
        }

        return [.. Enumerable.Range(0, count).Select(i => (loads[i], loads[count + i], panic[i]))];
    }

    /// <summary>What all levels together can carry, in percent, 100 at most.</summary>
    public static int Availability(IReadOnlyList<PriorityHealth> levels, int overprovisioningPercent) =>
        Math.Min(100, levels.Sum(l => Carries(l.Healthy, l.All, overprovisioningPercent) + Carries(l.Degraded, l.All, overprovisioningPercent)));

    private static int Carries(int usable, int all, int overprovisioningPercent) =>
        all == 0 ? 0 : (int)Math.Min(100, (long)overprovisioningPercent * usable / all);

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
