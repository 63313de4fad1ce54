using Envoy.Config.Route.V3;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>HedgePolicy. Envoy has the fields for several requests from the start and does not carry them out: here they are errors.</summary>
internal static class HedgePolicyDecoder
{
    /// <summary>Whether to hedge on a per-try timeout.</summary>
    /// <param name="policy">Of this level; it replaces the one above.</param>
    /// <param name="general">The level above.</param>
    /// <param name="context">Of the level.</param>
    public static bool Decode(HedgePolicy? policy, bool general, DecodeContext context)
    {
        if (policy is null)
        {
            return general;
        }

        using (context.Enter("hedge_policy"))
        {
            context.Refuse(policy.InitialRequests > 1, "initial_requests");
            context.Refuse(policy.AdditionalRequestChance?.Numerator > 0, "additional_request_chance");
            if (policy.InitialRequests == 0)
            {
                context.Error("initial_requests", "must be at least 1");
            }
        }

        return policy.HedgeOnPerTryTimeout;
    }
}
