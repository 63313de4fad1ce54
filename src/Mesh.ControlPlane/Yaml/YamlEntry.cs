using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Yaml;

/// <summary>One key of a map.</summary>
internal readonly record struct YamlEntry(string Key, SourcePosition KeyPosition, YamlNode Value);
