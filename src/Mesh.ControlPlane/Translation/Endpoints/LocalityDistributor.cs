using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Translation.Clusters;

namespace ProxylessMesh.ControlPlane.Translation.Endpoints;

/// <summary>localityLbSetting.distribute: the shares of localities for callers of one place; what no share names gets nothing (Istio, "Locality weighted distribution").</summary>
internal static class LocalityDistributor
{
    public static void Apply(ClusterLoadAssignment assignment, ProxyView proxy, EffectivePolicy policy)
    {
        if (policy.LoadBalancer?.Locality is not { Enabled: true } setting)
        {
            return;
        }

        foreach (var rule in setting.Distribute)
        {
            if (Matches(rule.From, proxy.Locality.Region, proxy.Locality.Zone, proxy.Locality.SubZone))
            {
                Apply(assignment, rule);
                return;
            }
        }
    }

    private static void Apply(ClusterLoadAssignment assignment, LocalityDistribution rule)
    {
        var unclaimed = assignment.Endpoints.ToList();

        // The most exact first: what "us-west/*" names is what no share of us-west/zone1 has taken.
        foreach (var (place, percent) in rule.To.OrderByDescending(t => t.Key.Split('/').Count(p => p != "*")).ThenBy(t => t.Key, StringComparer.Ordinal))
        {
            var matched = unclaimed.FindAll(e => Matches(place, e.Locality));
            var total = matched.Sum(e => (double)(e.LoadBalancingWeight ?? 1));
            foreach (var locality in matched)
            {
                locality.LoadBalancingWeight = (uint)Math.Ceiling((locality.LoadBalancingWeight ?? 1) * percent / total);
                unclaimed.Remove(locality);
            }
        }

        foreach (var locality in unclaimed)
        {
            assignment.Endpoints.Remove(locality);
        }
    }

    private static bool Matches(string rule, Locality? locality) => Matches(rule, locality?.Region, locality?.Zone, locality?.SubZone);

    private static bool Matches(string rule, string? region, string? zone, string? subZone)
    {
        var parts = rule.Split('/');
        return Part(parts, 0, region) && Part(parts, 1, zone) && Part(parts, 2, subZone);
    }

    private static bool Part(string[] parts, int index, string? value) =>
        index >= parts.Length || parts[index] is "*" || parts[index] == (value ?? "");
}
