using ProxylessMesh.Client.Clusters;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>The usable endpoints of one locality, and its weight less what its unhealthy endpoints cannot carry.</summary>
internal sealed record LocalityShare(double Weight, ClusterMember[] Members)
{
    /// <summary>By what an endpoint's weight is multiplied to be comparable with those of other localities.</summary>
    public double WeightOfEach => Weight / Members.Sum(m => (double)m.Config.Weight);

    /// <summary>Envoy, "Locality weighted load balancing": effective weight = weight x min(100 %, overprovisioning x availability).</summary>
    public static LocalityShare[] Of(ClusterMember[] all, ClusterMember[] usable, int overprovisioningPercent)
    {
        if (Array.TrueForAll(all, m => ReferenceEquals(m.Locality, all[0].Locality)))
        {
            return [new LocalityShare(all[0].Locality.Weight * Math.Min(100, (double)overprovisioningPercent * usable.Length / all.Length), usable)];
        }

        var known = all.GroupBy(m => m.Locality).ToDictionary(g => g.Key, g => g.Count());
        return
        [
            .. usable.GroupBy(m => m.Locality).Select(g =>
                new LocalityShare(g.Key.Weight * Math.Min(100, (double)overprovisioningPercent * g.Count() / known[g.Key]), [.. g])),
        ];
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
}
