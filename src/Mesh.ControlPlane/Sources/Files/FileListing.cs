using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Validation;

namespace ProxylessMesh.ControlPlane.Sources.Files;

/// <summary>The configuration files of a folder at one moment.</summary>
/// <param name="Files">Relative paths with slashes, in ordinal order.</param>
/// <param name="UnknownPrefixes">Folders that could not be listed: what was known of files below them still stands.</param>
/// <param name="Problems">Why not, and what was left out.</param>
internal sealed record FileListing(ImmutableArray<string> Files, ImmutableArray<string> UnknownPrefixes, ImmutableArray<ConfigProblem> Problems)
{
    public bool IsUnknown(string file) => UnknownPrefixes.Any(p => file.StartsWith(p, StringComparison.Ordinal));
}
