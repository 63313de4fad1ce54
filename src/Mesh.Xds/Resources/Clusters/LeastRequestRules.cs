using Envoy.Config.Core.V3;
using ProxylessMesh.Xds.Config;
using LoadBalancingPolicy = ProxylessMesh.Xds.Config.LoadBalancingPolicy;

namespace ProxylessMesh.Xds.Resources.Clusters;

/// <summary>Parameters of least request.</summary>
internal static class LeastRequestRules
{
    private const int MinChoices = 2;
    private const int MaxChoices = 10;

    /// <summary>gRFC A48: at least 2 choices, and more than 10 count as 10.</summary>
    public static LoadBalancingConfig Decode(uint? choiceCount, RuntimeDouble? bias, DecodeContext context)
    {
        var choices = choiceCount ?? MinChoices;
        if (choices < MinChoices)
        {
            context.Error("choice_count", $"must be at least {MinChoices}");
        }

        var weight = bias?.DefaultValue ?? 1;
        if (!(weight >= 0) || double.IsInfinity(weight))
        {
            context.Error("active_request_bias", "must be a number of 0 or more");
            weight = 1;
        }

        return new LoadBalancingConfig(LoadBalancingPolicy.LeastRequest, (int)Math.Min(choices, MaxChoices)) { ActiveRequestBias = weight };
    }
}
