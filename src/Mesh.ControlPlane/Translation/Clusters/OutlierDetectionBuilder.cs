using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Resources;
using Envoys = Envoy.Config.Cluster.V3;

namespace ProxylessMesh.ControlPlane.Translation.Clusters;

/// <summary>Istio's outlier detection: by consecutive errors only, with Istio's defaults written out.</summary>
internal static class OutlierDetectionBuilder
{
    private const uint DefaultConsecutive5xx = 5;
    private const uint DefaultMaxEjectionPercent = 10;
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DefaultBaseEjectionTime = TimeSpan.FromSeconds(30);

    public static Envoys.OutlierDetection Build(OutlierDetection source)
    {
        var consecutive = (uint?)source.Consecutive5xxErrors ?? DefaultConsecutive5xx;
        var result = new Envoys.OutlierDetection
        {
            EnforcingSuccessRate = 0,
            Consecutive5Xx = consecutive,
            EnforcingConsecutive5Xx = Enforcing(consecutive),
            Interval = (source.Interval ?? DefaultInterval).ToDuration(),
            BaseEjectionTime = (source.BaseEjectionTime ?? DefaultBaseEjectionTime).ToDuration(),
            MaxEjectionPercent = (uint?)source.MaxEjectionPercent ?? DefaultMaxEjectionPercent,
        };
        if ((uint?)source.ConsecutiveGatewayErrors is { } gateway)
        {
            result.ConsecutiveGatewayFailure = gateway;
            result.EnforcingConsecutiveGatewayFailure = Enforcing(gateway);
        }

        if (source.SplitLocalOrigin)
        {
            var local = (uint?)source.ConsecutiveLocalOriginFailures ?? DefaultConsecutive5xx;
            result.SplitExternalLocalOriginErrors = true;
            result.ConsecutiveLocalOriginFailure = local;
            result.EnforcingConsecutiveLocalOriginFailure = Enforcing(local);
            result.EnforcingLocalOriginSuccessRate = 0;
        }

        return result;
    }

    /// <summary>Zero errors in a row is Istio's way to switch a detector off.</summary>
    private static uint Enforcing(uint errors) => errors > 0 ? 100u : 0u;
}
