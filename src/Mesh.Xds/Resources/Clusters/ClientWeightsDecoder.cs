using Envoy.Extensions.LoadBalancingPolicies.ClientSideWeightedRoundRobin.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Clusters;

/// <summary>ClientSideWeightedRoundRobin (gRFCs A58, A100, A114).</summary>
internal static class ClientWeightsDecoder
{
    private static readonly TimeSpan DefaultOutOfBandPeriod = TimeSpan.FromSeconds(10);

    public static LoadBalancingConfig Decode(ClientSideWeightedRoundRobin policy, DecodeContext context)
    {
        var defaults = ClientWeightsConfig.Default;
        var penalty = policy.ErrorUtilizationPenalty ?? 1;
        if (!(penalty >= 0) || float.IsInfinity(penalty))
        {
            context.Error("error_utilization_penalty", "must be a number of 0 or more");
            penalty = 1;
        }

        var update = DurationReader.NotNegative(policy.WeightUpdatePeriod, "weight_update_period", context) ?? defaults.UpdatePeriod;
        var outOfBand = DurationReader.NotNegative(policy.OobReportingPeriod, "oob_reporting_period", context) ?? DefaultOutOfBandPeriod;
        return new LoadBalancingConfig(LoadBalancingPolicy.ClientSideWeightedRoundRobin)
        {
            SlowStart = SlowStartDecoder.Decode(PolicyDecoder.Older(policy.SlowStartConfig), context),
            ClientWeights = new ClientWeightsConfig
            {
                Blackout = DurationReader.NotNegative(policy.BlackoutPeriod, "blackout_period", context) ?? defaults.Blackout,
                Expiration = DurationReader.NotNegative(policy.WeightExpirationPeriod, "weight_expiration_period", context) ?? defaults.Expiration,
                UpdatePeriod = update > ClientWeightsConfig.ShortestUpdatePeriod ? update : ClientWeightsConfig.ShortestUpdatePeriod,
                ErrorPenalty = penalty,
                OutOfBandPeriod = policy.EnableOobLoadReport == true ? outOfBand : null,
                MetricNames = policy.MetricNamesForComputingUtilization.ToEquatableArray(),
            },
        };
    }
}
