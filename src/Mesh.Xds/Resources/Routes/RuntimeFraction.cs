using Envoy.Config.Core.V3;
using Envoy.Type.V3;
using Denominator = Envoy.Type.V3.FractionalPercent.Types.DenominatorType;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>RuntimeFractionalPercent: its default value only, there are no runtime overrides here (gRFC A28).</summary>
internal static class RuntimeFraction
{
    private const int Million = 1_000_000;

    /// <summary>0 to a million; null when the field is absent, or with an error.</summary>
    public static int? PerMillion(RuntimeFractionalPercent? field, DecodeContext context, string name = "runtime_fraction")
    {
        if (field is null)
        {
            return null;
        }

        if (field.DefaultValue is not { } fraction)
        {
            context.Error(name, "default_value is missing");
            return null;
        }

        return PerMillion(fraction, context, name);
    }

    /// <summary>0 to a million: more than all is all. Null with an error.</summary>
    public static int? PerMillion(FractionalPercent fraction, DecodeContext context, string name)
    {
        ulong factor = fraction.Denominator switch
        {
            Denominator.Hundred => 10_000,
            Denominator.TenThousand => 100,
            Denominator.Million => 1,
            _ => 0,
        };
        if (factor == 0)
        {
            context.Error(name, "denominator is not known");
            return null;
        }

        return (int)Math.Min(fraction.Numerator * factor, Million);
    }
}
