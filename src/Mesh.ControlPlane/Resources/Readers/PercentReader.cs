using System.Globalization;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>Istio's Percent: an object with a number from 0 to 100 (0 when it is not said).</summary>
internal static class PercentReader
{
    public static double? Percent(this YamlObject owner, string name)
    {
        if (owner.Object(name) is not { } item)
        {
            return null;
        }

        var percent = 0.0;
        switch (item.Read("value"))
        {
            case null:
                break;
            case YamlScalar { Type: ScalarType.Integer or ScalarType.Float } scalar
                when double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out percent):
                if (percent is not (>= 0 and <= 100))
                {
                    item.Problems.Error(scalar.Position, ProblemCodes.InvalidValue, $"{item.PathOf("value")} {Quoted.Escape(scalar.Text)} is out of range: between 0 and 100");
                    percent = 0;
                }

                break;
            case var other:
                item.Problems.WrongType(other, item.PathOf("value"), "a number");
                break;
        }

        item.Close(KnownFields.None);
        return percent;
    }
}
