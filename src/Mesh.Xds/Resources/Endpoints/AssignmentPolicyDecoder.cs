using Envoy.Config.Endpoint.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Routes;

namespace ProxylessMesh.Xds.Resources.Endpoints;

/// <summary>ClusterLoadAssignment.Policy.</summary>
internal static class AssignmentPolicyDecoder
{
    private const uint DefaultOverprovisioning = 140;

    /// <summary>Each is a die that every call has to throw.</summary>
    private const int MostDrops = 16;

    /// <summary>The overprovisioning factor, in percent.</summary>
    public static int Overprovisioning(ClusterLoadAssignment.Types.Policy? policy, DecodeContext context)
    {
        using (context.Enter("policy"))
        {
            context.Refuse(DurationReader.IsSet(policy?.EndpointStaleAfter), "endpoint_stale_after");
            context.Refuse(policy?.WeightedPriorityHealth == true, "weighted_priority_health");
            var factor = policy?.OverprovisioningFactor ?? DefaultOverprovisioning;
            if (factor == 0)
            {
                context.Error("overprovisioning_factor", "must be more than 0");
            }

            return (int)Math.Min(factor, int.MaxValue);
        }
    }

    /// <summary>Which calls are dropped (gRFC A27).</summary>
    public static EquatableArray<DropConfig> Drops(ClusterLoadAssignment.Types.Policy? policy, DecodeContext context)
    {
        if (policy is null or { DropOverloads.Count: 0 })
        {
            return [];
        }

        using (context.Enter("policy"))
        {
            if (policy.DropOverloads.Count > MostDrops)
            {
                context.Error("drop_overloads", $"must be {MostDrops} at most");
                return [];
            }

            var drops = new List<DropConfig>(policy.DropOverloads.Count);
            for (var i = 0; i < policy.DropOverloads.Count; i++)
            {
                using (context.Enter("drop_overloads", i))
                {
                    drops.Add(Drop(policy.DropOverloads[i], context));
                }
            }

            return drops.ToEquatableArray();
        }
    }

    private static DropConfig Drop(ClusterLoadAssignment.Types.Policy.Types.DropOverload drop, DecodeContext context)
    {
        if (drop.Category.Length == 0)
        {
            context.Error("category", "is missing");
        }

        return new DropConfig(drop.Category, drop.DropPercentage is { } share ? RuntimeFraction.PerMillion(share, context, "drop_percentage") ?? 0 : 0);
    }
}
