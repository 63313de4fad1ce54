using Envoy.Type.V3;
using ProxylessMesh.Xds.Config;
using Denominator = Envoy.Type.V3.FractionalPercent.Types.DenominatorType;

namespace ProxylessMesh.Xds.Resources.Faults;

/// <summary>FractionalPercent of a fault.</summary>
internal static class FractionDecoder
{
    public static FractionConfig Decode(FractionalPercent? percentage, DecodeContext context)
    {
        if (percentage is null)
        {
            return FractionConfig.Never;
        }

        switch (percentage.Denominator)
        {
            case Denominator.Hundred:
                return new FractionConfig(percentage.Numerator, 100);
            case Denominator.TenThousand:
                return new FractionConfig(percentage.Numerator, 10_000);
            case Denominator.Million:
                return new FractionConfig(percentage.Numerator, 1_000_000);
            default:
                context.Error("percentage.denominator", "is not known");
                return FractionConfig.Never;
        }
    }
}
