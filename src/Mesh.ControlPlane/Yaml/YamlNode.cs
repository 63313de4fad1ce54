using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Yaml;

/// <summary>A value of a document, where it stands, and how large it is once its aliases are followed.</summary>
internal abstract class YamlNode(SourcePosition position, int depth, int size)
{
    public SourcePosition Position { get; } = position;

    /// <summary>Levels of nesting including this one.</summary>
    public int Depth { get; } = depth;

    /// <summary>Values including this one.</summary>
    public int Size { get; } = size;

    /// <summary>For messages: "a list", "a map", "text", "a number"...</summary>
    public abstract string Description { get; }
}
