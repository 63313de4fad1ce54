using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Resources.Readers;
using ProxylessMesh.ControlPlane.Validation;

namespace ProxylessMesh.ControlPlane.Sources.Files;

/// <summary>What one file came to.</summary>
/// <param name="Path">Relative to the folder, with slashes.</param>
/// <param name="IsBroken">Unreadable or no YAML: nothing is known of its objects, so the last good ones stand.</param>
/// <param name="Objects">In the order of the file.</param>
/// <param name="Problems">Of the file as a whole.</param>
internal sealed record ParsedFile(string Path, bool IsBroken, ImmutableArray<ReadObject> Objects, ImmutableArray<ConfigProblem> Problems)
{
    /// <summary>What it was read from; null when that is no text.</summary>
    public string? Text { get; init; }

    public bool IsEmpty => !IsBroken && Objects.IsEmpty;

    /// <summary>All of it can be used, so that nothing of an earlier version has to stand in.</summary>
    public bool IsSound => !IsBroken && Objects.All(o => o.Object is not null || (o.Id is null && !o.IsUnidentified));

    public static ParsedFile Broken(ConfigProblem problem) => new(problem.Position.File, true, [], [problem]);
}
