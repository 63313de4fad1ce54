namespace ProxylessMesh.Benchmarks.Harness;

/// <summary>One benchmark: measures its sides against each other in one run.</summary>
internal interface IBenchmark
{
    /// <summary>What the command line calls it.</summary>
    string Name { get; }

    /// <summary>One line.</summary>
    string Description { get; }

    /// <summary>Measures, prints a table, and returns a verdict for each figure. Takes less than 50 s.</summary>
    Task<IReadOnlyList<Verdict>> RunAsync(TextWriter output);
}
