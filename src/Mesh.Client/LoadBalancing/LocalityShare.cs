using ProxylessMesh.Client.Clusters;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>The usable endpoints of one locality, and its weight less what its unhealthy endpoints cannot carry.</summary>
internal sealed record LocalityShare(double Weight, ClusterMember[] Members)
{
    /// <summary>By what an endpoint's weight is multiplied to be comparable with those of other localities.</summary>
    public double WeightOfEach { get; } = Weight / Sum(Members);

    /// <summary>Envoy, "Locality weighted load balancing": effective weight = weight x min(100 %, overprovisioning x availability).</summary>
    public static LocalityShare[] Of(ClusterMember[] all, ClusterMember[] usable, int overprovisioningPercent)
    {
        var numbers = new LocalityNumbers();
        var counts = numbers.Count(usable);
        var known = numbers.Count(all);
        var members = counts.Length == 1 ? [usable] : Split(usable, counts, numbers);
        return [.. members.Select((m, i) => new LocalityShare(m[0].Locality.Weight * Math.Min(100, (double)overprovisioningPercent * counts[i] / known[i]), m))];
    }

    /// <summary>Whether picking by endpoint weights alone gives every locality its share.</summary>
    public static bool AreInProportion(LocalityShare[] localities)
    {
        if (localities.Length == 1)
        {
            return true;
        }

        var share = localities[0].WeightOfEach;
        return Array.TrueForAll(localities, l => Math.Abs(l.WeightOfEach - share) <= share * 1e-9);
    }

    private static ClusterMember[][] Split(ClusterMember[] members, int[] counts, LocalityNumbers numbers)
    {
        var split = Array.ConvertAll(counts, c => new ClusterMember[c]);
        var next = new int[counts.Length];
        foreach (ref readonly var member in members.AsSpan())
        {
            var number = numbers.Of(member.Locality);
            split[number][next[number]++] = member;
        }

        return split;
    }

    private static double Sum(ClusterMember[] members)
    {
        var sum = 0.0;
        foreach (ref readonly var member in members.AsSpan())
        {
            sum += member.Config.Weight;
        }

        return sum;
    }
}
