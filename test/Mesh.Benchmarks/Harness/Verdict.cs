using System.Globalization;

namespace ProxylessMesh.Benchmarks.Harness;

/// <summary>A figure against its goal; the last lines that a benchmark prints.</summary>
internal sealed record Verdict(string Name, double Figure, string Unit, double Goal, bool AtLeast)
{
    public bool Met => AtLeast ? Figure >= Goal : Figure <= Goal;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}: {Figure:0.###}{Unit} (goal {(AtLeast ? ">=" : "<=")} {Goal:0.###}{Unit}) {(Met ? "met" : "short")}");
}
