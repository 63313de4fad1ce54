using System.Globalization;

namespace ProxylessMesh.Benchmarks.Soak;

/// <summary>What the soak is told. Each is at least 1.</summary>
/// <param name="Rotations">Of the caller's certificate, which lives 10 s.</param>
/// <param name="Rate">Requests per second.</param>
/// <param name="Away">Seconds for which the authority is away; 0: that part is left out.</param>
internal sealed record SoakOptions(int Rotations = 30, int Rate = 1000, int Away = 300)
{
    public const string Usage = "soak [--rotations N] [--rate N] [--away SECONDS]";

    /// <summary>Null: the arguments mean nothing.</summary>
    public static SoakOptions? Parse(ReadOnlySpan<string> args)
    {
        var options = new SoakOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length || !int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            SoakOptions? next = args[i] switch
            {
                "--rotations" when number > 0 => options with { Rotations = number },
                "--rate" when number > 0 => options with { Rate = number },
                "--away" => options with { Away = number },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            options = next;
        }

        return options;
    }
}
