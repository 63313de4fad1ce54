using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Yaml;

/// <summary>Ends the reading of a file from deep inside; never leaves <see cref="YamlReader"/>.</summary>
internal sealed class YamlRefusedException(SourcePosition position, string message) : Exception(message)
{
    public SourcePosition Position { get; } = position;
}
