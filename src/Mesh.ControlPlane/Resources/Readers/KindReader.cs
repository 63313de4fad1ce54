using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>Reads the spec of one kind. What is wrong goes to the spec's problem list; an error there rejects the result.</summary>
internal sealed record KindReader(ImmutableArray<string> Versions, Func<ObjectMeta, YamlObject, MeshObject?> ReadSpec);
