using System.Globalization;

namespace ProxylessMesh.Benchmarks.Harness;

/// <summary>
/// Interleaves the sides, round after round in a changing order, so that a noisy machine hurts all alike; figures are
/// medians with their range.
/// </summary>
internal static class Rounds
{
    public static async Task<IReadOnlyDictionary<string, double[]>> RunAsync(IReadOnlyList<Side> sides, int rounds)
    {
        var figures = sides.ToDictionary(s => s.Name, _ => new double[rounds]);
        for (var round = -1; round < rounds; round++)
        {
            for (var i = 0; i < sides.Count; i++)
            {
                var side = sides[(i + Math.Max(round, 0)) % sides.Count];
                var figure = await side.Measure();
                if (round >= 0)
                {
                    figures[side.Name][round] = figure;
                }
            }
        }

        return figures;
    }

    public static double Median(IEnumerable<double> figures)
    {
        var sorted = figures.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The median of the rounds' own ratios: what slowed a whole round down cancels out.</summary>
    public static double Ratio(double[] figures, double[] baseline) => Median(figures.Zip(baseline, (f, b) => f / b));

    public static void Print(TextWriter output, string title, IReadOnlyDictionary<string, double[]> figures, string format)
    {
        output.WriteLine(title);
        foreach (var (name, values) in figures)
        {
            var median = Median(values).ToString(format, CultureInfo.InvariantCulture);
            var low = values.Min().ToString(format, CultureInfo.InvariantCulture);
            var high = values.Max().ToString(format, CultureInfo.InvariantCulture);
            output.WriteLine($"  {name,-34} {median,10}   [{low} - {high}]");
        }
    }
}
