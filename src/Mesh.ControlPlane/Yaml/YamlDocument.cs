using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Validation;

namespace ProxylessMesh.ControlPlane.Yaml;

/// <summary>One document that is not empty, and what is wrong with it as YAML though it could be read (duplicate keys).</summary>
internal sealed record YamlDocument(YamlNode Root, ImmutableArray<ConfigProblem> Problems);
