using Envoy.Config.Cluster.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Clusters;

/// <summary>OutlierDetection (gRFC A50). The defaults are those of outlier_detection.proto.</summary>
internal static class OutlierDetectionDecoder
{
    private const uint DefaultConsecutive = 5;
    private const uint DefaultMaxEjectionPercent = 10;
    private const uint DefaultMinimumHosts = 5;
    private const uint DefaultSuccessRateVolume = 100;
    private const uint DefaultFailureVolume = 50;
    private const uint DefaultStdevFactor = 1900;
    private const uint DefaultFailureThreshold = 85;
    private const uint Always = 100;

    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DefaultBaseEjectionTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DefaultMaxEjectionTime = TimeSpan.FromSeconds(300);

    public static OutlierDetectionConfig? Decode(OutlierDetection? detection, DecodeContext context)
    {
        if (detection is null)
        {
            return null;
        }

        using (context.Enter("outlier_detection"))
        {
            context.Refuse(detection.Monitors.Count > 0, "monitors");
            var split = detection.SplitExternalLocalOriginErrors;
            var percent = Percent(detection.MaxEjectionPercent, DefaultMaxEjectionPercent, "max_ejection_percent", context);
            var serverErrors = Percent(detection.EnforcingConsecutive5Xx, Always, "enforcing_consecutive_5xx", context);
            var gatewayFailures = Percent(detection.EnforcingConsecutiveGatewayFailure, 0, "enforcing_consecutive_gateway_failure", context);
            var localFailures = Percent(detection.EnforcingConsecutiveLocalOriginFailure, Always, "enforcing_consecutive_local_origin_failure", context);
            var baseTime = DurationReader.Positive(detection.BaseEjectionTime, "base_ejection_time", context) ?? DefaultBaseEjectionTime;
            var maxTime = DurationReader.Positive(detection.MaxEjectionTime, "max_ejection_time", context) ?? DefaultMaxEjectionTime;
            var config = new OutlierDetectionConfig(
                Count(detection.Consecutive5Xx, serverErrors),
                Count(detection.ConsecutiveGatewayFailure, gatewayFailures),
                DurationReader.Positive(detection.Interval, "interval", context) ?? DefaultInterval,
                baseTime,
                maxTime > baseTime ? maxTime : baseTime,
                percent)
            {
                EnforcingConsecutive5xx = OrAlways(serverErrors),
                EnforcingConsecutiveGatewayFailures = OrAlways(gatewayFailures),
                SplitLocalOrigin = split,
                ConsecutiveLocalOriginFailures = split ? Count(detection.ConsecutiveLocalOriginFailure, localFailures) : 0,
                EnforcingConsecutiveLocalOriginFailures = OrAlways(localFailures),
                SuccessRate = SuccessRate(detection, detection.EnforcingSuccessRate, "enforcing_success_rate", context),
                FailurePercentage = FailurePercentage(detection, detection.EnforcingFailurePercentage, "enforcing_failure_percentage", context),
                LocalOriginSuccessRate = split
                    ? SuccessRate(detection, detection.EnforcingLocalOriginSuccessRate, "enforcing_local_origin_success_rate", context) : null,
                LocalOriginFailurePercentage = split
                    ? FailurePercentage(detection, detection.EnforcingFailurePercentageLocalOrigin, "enforcing_failure_percentage_local_origin", context) : null,
                MaxJitter = DurationReader.NotNegative(detection.MaxEjectionTimeJitter, "max_ejection_time_jitter", context) ?? TimeSpan.Zero,
                AlwaysEjectOne = detection.AlwaysEjectOneHost ?? false,
            };
            return config is { Consecutive5xx: 0, ConsecutiveGatewayFailures: 0, ConsecutiveLocalOriginFailures: 0, HasSweeps: false } ? null : config;
        }
    }

    /// <summary>On by its default, as in Envoy; Istio writes 0.</summary>
    private static SuccessRateConfig? SuccessRate(OutlierDetection detection, uint? percent, string field, DecodeContext context)
    {
        var enforcing = Percent(percent, Always, field, context);
        return enforcing == 0
            ? null
            : new SuccessRateConfig(
                Number(detection.SuccessRateMinimumHosts, DefaultMinimumHosts),
                Number(detection.SuccessRateRequestVolume, DefaultSuccessRateVolume),
                Number(detection.SuccessRateStdevFactor, DefaultStdevFactor),
                enforcing);
    }

    private static FailurePercentageConfig? FailurePercentage(OutlierDetection detection, uint? percent, string field, DecodeContext context)
    {
        var enforcing = Percent(percent, 0, field, context);
        var threshold = Percent(detection.FailurePercentageThreshold, DefaultFailureThreshold, "failure_percentage_threshold", context);
        return enforcing == 0
            ? null
            : new FailurePercentageConfig(
                threshold,
                Number(detection.FailurePercentageMinimumHosts, DefaultMinimumHosts),
                Number(detection.FailurePercentageRequestVolume, DefaultFailureVolume),
                enforcing);
    }

    private static int Percent(uint? value, uint unset, string field, DecodeContext context)
    {
        if (value > 100)
        {
            context.Error(field, "must be 0 to 100");
        }

        return (int)Math.Min(value ?? unset, 100);
    }

    private static int Number(uint? value, uint unset) => (int)Math.Min(value ?? unset, int.MaxValue);

    /// <summary>The count, or 0 when it is not enforced.</summary>
    private static int Count(uint? count, int enforcing) => enforcing == 0 ? 0 : Number(count, DefaultConsecutive);

    /// <summary>What is off has no share: configurations that do the same are equal.</summary>
    private static int OrAlways(int enforcing) => enforcing == 0 ? (int)Always : enforcing;
}
