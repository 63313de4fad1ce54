using Envoy.Config.Endpoint.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Endpoints;

/// <summary>ClusterLoadAssignment, from EDS or inline in a cluster (gRFC A27, EDS validation).</summary>
internal static class EndpointsDecoder
{
    public static EndpointsConfig DecodeEds(ClusterLoadAssignment assignment, DecodeContext context) =>
        Decode(assignment, assignment.ClusterName, isEds: true, allowName: false, context);

    public static EndpointsConfig DecodeInline(ClusterLoadAssignment assignment, string clusterName, bool allowName, DecodeContext context) =>
        Decode(assignment, clusterName, isEds: false, allowName, context);

    private static EndpointsConfig Decode(
        ClusterLoadAssignment assignment, string name, bool isEds, bool allowName, DecodeContext context)
    {
        var localities = new List<LocalityConfig>(assignment.Endpoints.Count);
        var addresses = new HashSet<(string, int)>();
        var seen = new HashSet<(LocalityId, uint)>();
        var priorities = new SortedDictionary<uint, ulong>();
        for (var i = 0; i < assignment.Endpoints.Count; i++)
        {
            var locality = assignment.Endpoints[i];
            using (context.Enter("endpoints", i))
            {
                if (isEds && locality.Locality is null)
                {
                    context.Error("locality", "is missing");
                }

                // EDS: a locality without weight gets no traffic (gRFC A27). Inline there is no such rule (gRFC A37).
                var weight = locality.LoadBalancingWeight ?? (isEds ? 0u : 1u);
                if (weight == 0)
                {
                    continue;
                }

                var id = LocalityDecoder.Id(locality.Locality);
                if (!seen.Add((id, locality.Priority)))
                {
                    context.Error("locality", $"{DecodeContext.Quote(id.ToString())} is listed twice at priority {locality.Priority}");
                }

                priorities[locality.Priority] = priorities.GetValueOrDefault(locality.Priority) + weight;
                localities.Add(LocalityDecoder.Decode(locality, weight, allowName, context, addresses));
            }
        }

        CheckPriorities(priorities, context);
        return new EndpointsConfig(name, localities.ToEquatableArray())
        {
            OverprovisioningPercent = AssignmentPolicyDecoder.Overprovisioning(assignment.Policy, context),
            Drops = AssignmentPolicyDecoder.Drops(assignment.Policy, context),
        };
    }

    private static void CheckPriorities(SortedDictionary<uint, ulong> priorities, DecodeContext context)
    {
        var expected = 0u;
        foreach (var (priority, weight) in priorities)
        {
            if (priority != expected)
            {
                context.Error("endpoints", $"priority {expected} is missing: priorities must be contiguous from 0");
                return;
            }

            if (weight > uint.MaxValue)
            {
                context.Error("endpoints", $"locality weights of priority {priority} add up to more than 4294967295");
            }

            expected++;
        }
    }
}
