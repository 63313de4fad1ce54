using Envoy.Config.Core.V3;
using Envoy.Type.V3;

namespace ProxylessMesh.ControlPlane.Translation.RateLimits;

/// <summary>Shares of requests.</summary>
internal static class Shares
{
    public static RuntimeFractionalPercent All() => Of(100);

    public static RuntimeFractionalPercent None() => Of(0);

    private static RuntimeFractionalPercent Of(uint percent) => new() { DefaultValue = new FractionalPercent { Numerator = percent } };
}
