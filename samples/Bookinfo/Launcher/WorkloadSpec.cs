namespace Bookinfo.Launcher;

/// <summary>A workload to start.</summary>
/// <param name="Name">Unique in the run; also that of its log.</param>
/// <param name="App">Which app it is: the role of this executable, and the label that a Service selects by.</param>
/// <param name="Version">The label that subsets are told apart by.</param>
internal sealed record WorkloadSpec(string Name, string App, string Version)
{
    /// <summary>All of Bookinfo.</summary>
    public static IReadOnlyList<WorkloadSpec> All { get; } =
    [
        new("productpage", "productpage", "v1"),
        new("details", "details", "v1"),
        new("reviews-v1", "reviews", "v1"),
        new("reviews-v2", "reviews", "v2"),
        new("reviews-v3", "reviews", "v3"),
        new("ratings", "ratings", "v1"),
    ];

    public string ServiceAccount => $"bookinfo-{App}";
}
