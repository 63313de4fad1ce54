using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Yaml;

/// <summary>A list.</summary>
internal sealed class YamlSequence(SourcePosition position, int depth, int size, ImmutableArray<YamlNode> items)
    : YamlNode(position, depth, size)
{
    public ImmutableArray<YamlNode> Items { get; } = items;

    public override string Description => "a list";
}
