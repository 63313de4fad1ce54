using System.Globalization;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>Istio's Percent: <c>percentage: { value: 0.1 }</c>.</summary>
internal static class PercentageReader
{
    private const int PerMillionOfOnePercent = 10_000;

    /// <summary>In millionths, cut off as Istio does; null when the field is absent. A value that is absent is 0.</summary>
    public static int? PerMillion(YamlObject owner, string name)
    {
        if (owner.Object(name) is not { } percentage)
        {
            return null;
        }

        var value = Value(percentage);
        percentage.Close(KnownFields.None);
        return (int)(value * PerMillionOfOnePercent);
    }

    private static double Value(YamlObject percentage)
    {
        switch (percentage.Read("value"))
        {
            case null:
                return 0;
            case YamlScalar { Type: ScalarType.Integer or ScalarType.Float } scalar:
                if (double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 100)
                {
                    return value;
                }

                percentage.Problems.Error(
                    scalar.Position, ProblemCodes.InvalidValue, $"{percentage.PathOf("value")} {Quoted.Escape(scalar.Text)} is out of range: between 0 and 100");
                return 0;
            case var other:
                percentage.Problems.WrongType(other, percentage.PathOf("value"), "a number between 0 and 100");
                return 0;
        }
    }
}
