using System.Globalization;

namespace ProxylessMesh.Benchmarks.Scale;

/// <summary>How large the mesh is that is measured.</summary>
internal sealed record ScaleOptions
{
    public const string Usage = "scale (change|reconnect|delta|memory|all) [--clients N] [--services N] [--endpoints N] [--hosts N] [--rounds N] [--protocol delta|sotw]";

    public required string Part { get; init; }

    /// <summary>Null: what the part says.</summary>
    public int? Clients { get; init; }

    public int Services { get; init; } = 1000;

    /// <summary>Of each service.</summary>
    public int Endpoints { get; init; } = 10;

    /// <summary>That each client subscribes to; null: what the part says.</summary>
    public int? Hosts { get; init; }

    /// <summary>Of each kind of change.</summary>
    public int Rounds { get; init; } = 20;

    /// <summary>Null: what the part says.</summary>
    public bool? Delta { get; init; }

    /// <summary>Null: the arguments mean nothing.</summary>
    public static ScaleOptions? Parse(ReadOnlySpan<string> args)
    {
        if (args.IsEmpty || args[0] is not ("change" or "reconnect" or "delta" or "memory" or "all") || args.Length % 2 == 0)
        {
            return null;
        }

        var options = new ScaleOptions { Part = args[0] };
        for (var i = 1; i < args.Length; i += 2)
        {
            if (options.With(args[i], args[i + 1]) is not { } next)
            {
                return null;
            }

            options = next;
        }

        return options;
    }

    private ScaleOptions? With(string name, string value) => (name, Number(value)) switch
    {
        ("--clients", > 0 and var n) => this with { Clients = n },
        ("--services", > 0 and var n) => this with { Services = n },
        ("--endpoints", > 0 and var n) => this with { Endpoints = n },
        ("--hosts", > 0 and var n) => this with { Hosts = n },
        ("--rounds", > 0 and var n) => this with { Rounds = n },
        ("--protocol", _) when value is "delta" or "sotw" => this with { Delta = value == "delta" },
        _ => null,
    };

    private static int? Number(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
