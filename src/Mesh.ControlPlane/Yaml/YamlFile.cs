using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Validation;

namespace ProxylessMesh.ControlPlane.Yaml;

/// <summary>A file's documents, or why it can't be read at all.</summary>
internal sealed record YamlFile(ImmutableArray<YamlDocument> Documents, ConfigProblem? Failure);
