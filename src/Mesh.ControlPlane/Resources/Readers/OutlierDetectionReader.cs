using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>trafficPolicy.outlierDetection.</summary>
internal static class OutlierDetectionReader
{
    private static readonly KnownFields Known = new([], ["consecutiveErrors"], []);

    public static OutlierDetection Read(YamlObject item)
    {
        var detection = new OutlierDetection(
            item.Int("consecutive5xxErrors", min: 0),
            item.Int("consecutiveGatewayErrors", min: 0),
            item.Duration("interval"),
            item.Duration("baseEjectionTime"),

            // A plain int32 in Istio's message: 0 is the same as not given, and gets the default.
            item.Int("maxEjectionPercent", 0, 100) is > 0 and var percent ? percent : null,
            item.Position)
        {
            MinHealthPercent = item.Int("minHealthPercent", 0, 100) ?? 0,
            SplitLocalOrigin = item.Bool("splitExternalLocalOriginErrors") ?? false,
            ErrorCodes = Codes(item),
            ConsecutiveLocalOriginFailures = item.Int("consecutiveLocalOriginFailures", min: 0),
        };
        item.Close(Known);
        return detection;
    }

    private static int[] Codes(YamlObject item) =>
        [.. item.Items("outlierDetectionHttpErrorCodes").Select(i => item.Problems.AsInt(i.Node, i.Path, StatusSet.First, StatusSet.Last)).OfType<int>().Distinct().Order()];
}
