using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>
/// Lays the pickable endpoints out in an array in which each stands as often as its weight asks, evenly spread (smooth
/// weighted round robin), so that every policy needs one index into it. Only the highest priority that has a pickable endpoint is used.
/// </summary>
internal static class PickSchedule
{
    /// <summary>Weights are scaled down to fit: 1 in 4,096 is as fine as it gets.</summary>
    private const int MaxSlots = 4096;

    public static Endpoint[] Build(ClusterMember[] members)
    {
        var pickable = members.Where(m => m.Config.Health == EndpointHealth.Healthy && !m.Endpoint.Ejection.Ejected).ToArray();
        if (pickable.Length == 0)
        {
            return [];
        }

        var highest = pickable.Min(m => m.Priority);
        pickable = [.. pickable.Where(m => m.Priority == highest)];
        return Spread(pickable, Scale(pickable));
    }

    private static int[] Scale(ClusterMember[] members)
    {
        var divisor = members.Aggregate(0u, (d, m) => GreatestCommonDivisor(d, m.Config.Weight));
        double total = members.Sum(m => (double)(m.Config.Weight / divisor));
        var shrink = Math.Max(1, total / Math.Max(MaxSlots, members.Length));
        return [.. members.Select(m => Math.Max(1, (int)(m.Config.Weight / divisor / shrink)))];
    }

    private static Endpoint[] Spread(ClusterMember[] members, int[] weights)
    {
        if (weights.All(w => w == 1))
        {
            return [.. members.Select(m => m.Endpoint)];
        }

        // Each copy k of an endpoint of weight w belongs at (k + 1/2) / w of the round: sorting by that spreads all evenly.
        var slots = new List<(double At, int Member)>();
        for (var m = 0; m < members.Length; m++)
        {
            for (var k = 0; k < weights[m]; k++)
            {
                slots.Add(((k + 0.5) / weights[m], m));
            }
        }

        return [.. slots.OrderBy(s => s.At).ThenBy(s => s.Member).Select(s => members[s.Member].Endpoint)];
    }

    private static uint GreatestCommonDivisor(uint a, uint b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return Math.Max(a, 1);
    }
}
