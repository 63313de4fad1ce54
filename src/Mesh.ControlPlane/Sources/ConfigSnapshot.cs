using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Validation;

namespace ProxylessMesh.ControlPlane.Sources;

/// <summary>All accepted objects of a source at one moment, and what was rejected. Where a file is bad, its last good objects are still here.</summary>
internal sealed record ConfigSnapshot(ImmutableArray<MeshObject> Objects, ImmutableArray<ConfigProblem> Problems)
{
    public static ConfigSnapshot Empty { get; } = new([], []);
}
