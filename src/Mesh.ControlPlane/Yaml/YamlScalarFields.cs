using System.Globalization;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Yaml;

/// <summary>Typed reading of single fields; a wrong type is reported and read as absent.</summary>
internal static class YamlScalarFields
{
    public static string? String(this YamlObject owner, string name) =>
        owner.Read(name) is { } node ? owner.Problems.AsString(node, owner.PathOf(name)) : null;

    /// <summary>Reports absence and the empty text.</summary>
    public static string? RequiredString(this YamlObject owner, string name)
    {
        var text = owner.String(name);
        if (!owner.Has(name) || text is { Length: 0 })
        {
            owner.Problems.Error(owner.PositionOf(name), ProblemCodes.Missing, $"{owner.PathOf(name)} is missing");
            return null;
        }

        return text;
    }

    public static int? Int(this YamlObject owner, string name, int min = int.MinValue, int max = int.MaxValue) =>
        owner.Read(name) is { } node ? owner.Problems.AsInt(node, owner.PathOf(name), min, max) : null;

    /// <summary>A number that need not be whole.</summary>
    public static double? Number(this YamlObject owner, string name, double min, double max)
    {
        if (owner.Read(name) is not { } node)
        {
            return null;
        }

        if (node is not YamlScalar { Type: ScalarType.Integer or ScalarType.Float } scalar
            || !double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            owner.Problems.WrongType(node, owner.PathOf(name), "a number");
            return null;
        }

        if (value >= min && value <= max)
        {
            return value;
        }

        owner.Problems.Error(
            node.Position, ProblemCodes.InvalidValue, $"{owner.PathOf(name)} {Quoted.Escape(scalar.Text)} is out of range: between {min.ToString(CultureInfo.InvariantCulture)} and {max.ToString(CultureInfo.InvariantCulture)}");
        return null;
    }

    /// <summary>1 to 65535.</summary>
    public static int? Port(this YamlObject owner, string name) => owner.Int(name, 1, 65535);

    public static bool? Bool(this YamlObject owner, string name)
    {
        switch (owner.Read(name))
        {
            case null:
                return null;
            case YamlScalar { Type: ScalarType.Boolean, Text: "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" }:
                return true;
            case YamlScalar { Type: ScalarType.Boolean }:
                return false;
            case var other:
                owner.Problems.WrongType(other, owner.PathOf(name), "true or false");
                return null;
        }
    }

    /// <summary>At least 1 ms, as Istio's schema asks; <paramref name="orZero"/> admits 0, which turns the thing off.</summary>
    public static TimeSpan? Duration(this YamlObject owner, string name, bool orZero = false)
    {
        switch (owner.Read(name))
        {
            case null:
                return null;
            case YamlScalar { Type: ScalarType.Text } scalar when GoDuration.TryParse(scalar.Text, out var duration):
                if (duration >= TimeSpan.FromMilliseconds(1) || (orZero && duration == TimeSpan.Zero))
                {
                    return duration;
                }

                owner.Problems.Error(scalar.Position, ProblemCodes.InvalidValue, $"{owner.PathOf(name)} {Quoted.Of(scalar.Text)} is too short: at least 1ms");
                return null;
            case var other:
                owner.Problems.WrongType(other, owner.PathOf(name), "a duration such as 1.5s, 250ms or 1m30s");
                return null;
        }
    }

    /// <summary>By name or number; the fallback when absent or wrong.</summary>
    public static T Enum<T>(this YamlObject owner, string name, EnumNames<T> names, T fallback)
        where T : struct
    {
        switch (owner.Read(name))
        {
            case null:
                return fallback;
            case YamlScalar { Type: ScalarType.Text or ScalarType.Integer } scalar:
                return owner.Problems.AsEnum(scalar, owner.PathOf(name), names) ?? fallback;
            case var other:
                owner.Problems.WrongType(other, owner.PathOf(name), $"one of {string.Join(", ", names.Names)}");
                return fallback;
        }
    }

    public static EquatableArray<string> Strings(this YamlObject owner, string name)
    {
        var result = new List<string>();
        foreach (var (node, path) in owner.Items(name))
        {
            if (owner.Problems.AsString(node, path) is { } text)
            {
                result.Add(text);
            }
        }

        return result.ToEquatableArray();
    }

    /// <summary>Labels and the like; a null value is the empty text.</summary>
    public static EquatableMap StringMap(this YamlObject owner, string name)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in owner.Entries(name))
        {
            var value = entry.Value is YamlScalar { Type: ScalarType.Null }
                ? ""
                : owner.Problems.AsString(entry.Value, $"{owner.PathOf(name)}.{Quoted.Escape(entry.Key)}");
            if (value is not null)
            {
                result[entry.Key] = value;
            }
        }

        return EquatableMap.From(result);
    }

    public static string? AsString(this ProblemList problems, YamlNode node, string path)
    {
        if (node is YamlScalar { Type: ScalarType.Text } scalar)
        {
            return scalar.Text;
        }

        problems.WrongType(node, path, "text", node is YamlScalar { Type: not ScalarType.Null } other ? $"put it in quotes: \"{Quoted.Escape(other.Text)}\"" : null);
        return null;
    }

    public static int? AsInt(this ProblemList problems, YamlNode node, string path, int min, int max)
    {
        // 100.0 is a whole number in proto3 JSON, which is what Istio reads.
        if (node is YamlScalar { Type: ScalarType.Float } whole
            && decimal.TryParse(whole.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number == decimal.Truncate(number) && number >= min && number <= max)
        {
            return (int)number;
        }

        if (node is not YamlScalar { Type: ScalarType.Integer } scalar)
        {
            var quoted = node is YamlScalar { Type: ScalarType.Text } text && ScalarTypes.OfPlain(text.Text) == ScalarType.Integer;
            problems.WrongType(node, path, "a whole number", quoted ? "remove the quotes" : null);
            return null;
        }

        if (int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
        {
            return value;
        }

        var range = max == int.MaxValue ? $"at least {min}" : $"between {min} and {max}";
        problems.Error(node.Position, ProblemCodes.InvalidValue, $"{path} {Quoted.Escape(scalar.Text)} is out of range: {range}");
        return null;
    }

    public static void WrongType(this ProblemList problems, YamlNode node, string path, string expected, string? hint = null)
    {
        var found = node is YamlScalar { Type: not ScalarType.Null } scalar ? $"{node.Description} ({Quoted.Escape(scalar.Text)})" : node.Description;
        problems.Error(node.Position, ProblemCodes.WrongType, $"{path} must be {expected}, not {found}", hint);
    }

    private static T? AsEnum<T>(this ProblemList problems, YamlScalar scalar, string path, EnumNames<T> names)
        where T : struct
    {
        if (!names.Contains(scalar.Text))
        {
            var nearest = Suggestion.Nearest(scalar.Text, names.Names);
            problems.Error(
                scalar.Position, ProblemCodes.InvalidValue, $"{path} {Quoted.Of(scalar.Text)} is not one of {string.Join(", ", names.Names)}", nearest is null ? null : $"did you mean {nearest}?");
            return null;
        }

        if (names.Find(scalar.Text) is { } value)
        {
            return value;
        }

        problems.Error(scalar.Position, ProblemCodes.UnsupportedField, $"{path} {Quoted.Of(scalar.Text)} is not supported yet by this version");
        return null;
    }
}
