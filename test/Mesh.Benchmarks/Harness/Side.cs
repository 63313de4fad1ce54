namespace ProxylessMesh.Benchmarks.Harness;

/// <summary>One of the things compared. Each round runs <paramref name="Measure"/> once and takes its figure.</summary>
internal sealed record Side(string Name, Func<Task<double>> Measure);
