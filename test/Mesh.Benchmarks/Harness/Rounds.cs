using System.Globalization;

namespace ProxylessMesh.Benchmarks.Harness;

/// <summary>
/// Interleaves the sides, round after round in a changing order, so that a noisy machine hurts all alike; figures are
/// medians with their range.
/// </summary>
internal static class Rounds
{
    /// <summary>
    /// Of each side before the first round counts. The runtime compiles our code anew, and well, once it was called often and then
    /// nothing new was compiled for a tenth of a second; HttpClient's own comes compiled. Without the pauses, a busy machine
    /// measures the mesh's first, slow code against the framework's last.
    /// </summary>
    private const int WarmUps = 6;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(0.2);

    public static async Task<IReadOnlyDictionary<string, double[]>> RunAsync(IReadOnlyList<Side> sides, int rounds)
    {
        for (var i = 0; i < WarmUps; i++)
        {
            foreach (var side in sides)
            {
                await side.Measure();
                await Task.Delay(s_pause);
            }
        }

        var figures = sides.ToDictionary(s => s.Name, _ => new double[rounds]);
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < sides.Count; i++)
            {
                var side = sides[(i + round) % sides.Count];
                figures[side.Name][round] = await side.Measure();
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
