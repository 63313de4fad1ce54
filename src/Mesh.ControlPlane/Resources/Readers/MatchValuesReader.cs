using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>A list and its not-form.</summary>
internal static class MatchValuesReader
{
    /// <summary>Such as <c>paths</c> and <c>notPaths</c>.</summary>
    public static MatchValues Read(YamlObject owner, string name, Action<YamlObject, string, string>? rule = null) =>
        Read(owner, name, $"not{char.ToUpperInvariant(name[0])}{name[1..]}", rule);

    /// <param name="owner">Holds both lists.</param>
    /// <param name="name">The list.</param>
    /// <param name="notName">Its not-form.</param>
    /// <param name="rule">Reports what is wrong with one value (owner, list, value).</param>
    public static MatchValues Read(YamlObject owner, string name, string notName, Action<YamlObject, string, string>? rule)
    {
        var values = Values(owner, name, rule);
        var notValues = Values(owner, notName, rule);
        return values.Count == 0 && notValues.Count == 0 ? MatchValues.None : new MatchValues(values, notValues);
    }

    private static EquatableArray<string> Values(YamlObject owner, string name, Action<YamlObject, string, string>? rule)
    {
        var values = owner.Strings(name);
        if (owner.Has(name) && values.Count == 0)
        {
            owner.Problems.Error(owner.PositionOf(name), ProblemCodes.Missing, $"{owner.PathOf(name)} is empty");
        }

        foreach (var value in values)
        {
            if (value.Length == 0)
            {
                owner.Problems.Error(owner.PositionOf(name), ProblemCodes.InvalidValue, $"{owner.PathOf(name)} has an empty value");
            }
            else
            {
                rule?.Invoke(owner, name, value);
            }
        }

        return values;
    }
}
