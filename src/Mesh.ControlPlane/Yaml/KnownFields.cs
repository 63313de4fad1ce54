using System.Collections.Immutable;

namespace ProxylessMesh.ControlPlane.Yaml;

/// <summary>Fields that an object may have by its schema though nothing here reads them.</summary>
/// <param name="Unsupported">They would change what requests do: leaving them out silently would be wrong, so they reject the object.</param>
/// <param name="NotApplied">Tuning and limits: the object is good without them, and a warning says so.</param>
/// <param name="Irrelevant">They mean nothing to a mesh inside the application.</param>
internal sealed record KnownFields(
    ImmutableArray<string> Unsupported,
    ImmutableArray<string> NotApplied,
    ImmutableArray<string> Irrelevant)
{
    public static KnownFields None { get; } = new([], [], []);

    public IEnumerable<string> All => [.. Unsupported, .. NotApplied, .. Irrelevant];
}
