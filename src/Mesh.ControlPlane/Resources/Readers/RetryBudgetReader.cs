using System.Globalization;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>trafficPolicy.retryBudget.</summary>
internal static class RetryBudgetReader
{
    private const double DefaultPercent = 20;
    private const int DefaultConcurrency = 3;

    /// <summary>budgetInterval has no counterpart in the circuit breakers of our tables: Envoy counts what is in flight now.</summary>
    private static readonly KnownFields Known = new([], ["budgetInterval"], []);

    public static RetryBudget Read(YamlObject item)
    {
        var percent = Percent(item) ?? DefaultPercent;
        var concurrency = item.Int("minRetryConcurrency", min: 0) ?? DefaultConcurrency;
        item.Close(Known);
        return new RetryBudget(percent, concurrency);
    }

    private static double? Percent(YamlObject item)
    {
        switch (item.Read("percent"))
        {
            case null:
                return null;
            case YamlScalar { Type: ScalarType.Integer or ScalarType.Float } scalar
                when double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value):
                if (value is >= 0 and <= 100)
                {
                    return value;
                }

                item.Problems.Error(scalar.Position, ProblemCodes.InvalidValue, $"{item.PathOf("percent")} {Quoted.Escape(scalar.Text)} is out of range: between 0 and 100");
                return null;
            case var other:
                item.Problems.WrongType(other, item.PathOf("percent"), "a number");
                return null;
        }
    }
}
