using Envoy.Config.Endpoint.V3;

namespace ProxylessMesh.Xds.Resources.Endpoints;

/// <summary>ClusterLoadAssignment.Policy.</summary>
internal static class AssignmentPolicyDecoder
{
    private const uint DefaultOverprovisioning = 140;

    /// <summary>The overprovisioning factor, in percent.</summary>
    public static int Overprovisioning(ClusterLoadAssignment.Types.Policy? policy, DecodeContext context)
    {
        using (context.Enter("policy"))
        {
            context.Refuse(policy?.DropOverloads.Count > 0, "drop_overloads");
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
}
