using Envoy.Config.Cluster.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Clusters;

/// <summary>OutlierDetection: failures in a row. The defaults are those of outlier_detection.proto.</summary>
internal static class OutlierDetectionDecoder
{
    private const uint DefaultConsecutive = 5;
    private const uint DefaultMaxEjectionPercent = 10;
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
            RefuseUnsupported(detection, context);
            var serverErrors = Count(detection.Consecutive5Xx, detection.EnforcingConsecutive5Xx ?? Always, "enforcing_consecutive_5xx", context);
            var gatewayFailures = Count(
                detection.ConsecutiveGatewayFailure, detection.EnforcingConsecutiveGatewayFailure ?? 0, "enforcing_consecutive_gateway_failure", context);
            var interval = DurationReader.Positive(detection.Interval, "interval", context) ?? DefaultInterval;
            var baseTime = DurationReader.Positive(detection.BaseEjectionTime, "base_ejection_time", context) ?? DefaultBaseEjectionTime;
            var maxTime = DurationReader.Positive(detection.MaxEjectionTime, "max_ejection_time", context) ?? DefaultMaxEjectionTime;
            var percent = detection.MaxEjectionPercent ?? DefaultMaxEjectionPercent;
            if (percent > 100)
            {
                context.Error("max_ejection_percent", "must be 0 to 100");
                percent = 100;
            }

            return serverErrors == 0 && gatewayFailures == 0
                ? null
                : new OutlierDetectionConfig(
                    serverErrors, gatewayFailures, interval, baseTime, maxTime > baseTime ? maxTime : baseTime, (int)percent);
        }
    }

    /// <summary>
    /// Algorithms that are asked for and that we do not have. Success rate counts as asked for only when it is written down:
    /// by its default it would be on in every cluster that just wants consecutive errors.
    /// </summary>
    private static void RefuseUnsupported(OutlierDetection detection, DecodeContext context)
    {
        context.Refuse(detection.EnforcingSuccessRate > 0, "enforcing_success_rate");
        context.Refuse(detection.EnforcingFailurePercentage > 0, "enforcing_failure_percentage");
        context.Refuse(detection.SplitExternalLocalOriginErrors, "split_external_local_origin_errors");
        context.Refuse(DurationReader.IsSet(detection.MaxEjectionTimeJitter), "max_ejection_time_jitter");
        context.Refuse(detection.Monitors.Count > 0, "monitors");
    }

    /// <summary>The count, or 0 when it is not enforced.</summary>
    private static int Count(uint? count, uint enforcing, string enforcingField, DecodeContext context)
    {
        if (enforcing is not (0 or Always))
        {
            context.Error(enforcingField, "must be 0 or 100; a share is not supported");
        }

        return enforcing == 0 ? 0 : (int)Math.Min(count ?? DefaultConsecutive, int.MaxValue);
    }
}
