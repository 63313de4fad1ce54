using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Yaml;

/// <summary>A map; keys are unique and in the order of the file.</summary>
internal sealed class YamlMapping(SourcePosition position, int depth, int size, ImmutableArray<YamlEntry> entries)
    : YamlNode(position, depth, size)
{
    public ImmutableArray<YamlEntry> Entries { get; } = entries;

    public override string Description => "a map";

    public YamlNode? Find(string key)
    {
        foreach (var entry in Entries)
        {
            if (entry.Key == key)
            {
                return entry.Value;
            }
        }

        return null;
    }
}
