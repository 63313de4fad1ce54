using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Yaml;

/// <summary>A map while it is read: refuses second keys and applies merge keys (<c>&lt;&lt;: *defaults</c>, YAML 1.1), whose entries never win over the map's own.</summary>
internal sealed class MappingEntries
{
    private readonly List<YamlEntry> _own = [];
    private readonly List<YamlEntry> _merged = [];
    private readonly Dictionary<string, SourcePosition> _keys = new(StringComparer.Ordinal);

    public bool TryAdd(YamlEntry entry, out SourcePosition first)
    {
        if (!_keys.TryAdd(entry.Key, entry.KeyPosition))
        {
            first = _keys[entry.Key];
            return false;
        }

        first = entry.KeyPosition;
        _own.Add(entry);
        return true;
    }

    public void Merge(YamlNode value, SourcePosition at)
    {
        switch (value)
        {
            case YamlMapping mapping:
                _merged.AddRange(mapping.Entries);
                break;
            case YamlSequence sequence when sequence.Items.All(i => i is YamlMapping):
                _merged.AddRange(sequence.Items.SelectMany(i => ((YamlMapping)i).Entries));
                break;
            default:
                throw new YamlRefusedException(at, "a merge key (<<) takes a map or a list of maps");
        }
    }

    public YamlMapping ToMapping(SourcePosition at)
    {
        var entries = ImmutableArray.CreateBuilder<YamlEntry>(_own.Count);
        entries.AddRange(_own);
        foreach (var entry in _merged)
        {
            if (_keys.TryAdd(entry.Key, entry.KeyPosition))
            {
                entries.Add(entry);
            }
        }

        var depth = entries.Count == 0 ? 0 : entries.Max(e => e.Value.Depth);
        var size = 1 + entries.Count + entries.Sum(e => e.Value.Size);
        return new YamlMapping(at, depth + 1, size, entries.ToImmutable());
    }
}
