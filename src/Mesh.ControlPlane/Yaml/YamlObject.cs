using System.Text;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Validation;

namespace ProxylessMesh.ControlPlane.Yaml;

/// <summary>
/// A map read as an object with known fields. Names are accepted in lowerCamelCase and as in the .proto file
/// (proto3 JSON); null is the same as absent. What nobody asked for until <see cref="Close"/> is reported.
/// </summary>
internal sealed class YamlObject
{
    /// <summary>Entries of any list (what Istio's schema gives its longest ones): checks compare entries with each other.</summary>
    private const int MaxItems = 4096;

    private readonly Dictionary<string, YamlEntry> _fields = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public YamlObject(YamlMapping map, string path, ProblemList problems)
    {
        (Position, Path, Problems) = (map.Position, path, problems);
        foreach (var entry in map.Entries)
        {
            if (!_fields.TryAdd(CamelCase(entry.Key), entry))
            {
                problems.Error(
                    entry.KeyPosition, ProblemCodes.DuplicateKey, $"{PathOf(entry.Key)} stands twice, in both spellings of its name", "remove one of them");
            }
        }
    }

    public SourcePosition Position { get; }

    public string Path { get; }

    public ProblemList Problems { get; }

    public string PathOf(string name) => Path.Length == 0 ? Quoted.Escape(name) : $"{Path}.{Quoted.Escape(name)}";

    /// <summary>Whether the field is there and not null. Does not count as reading it.</summary>
    public bool Has(string name) => _fields.TryGetValue(name, out var entry) && entry.Value is not YamlScalar { Type: ScalarType.Null };

    /// <summary>Of the field's value; of the object where the field is absent.</summary>
    public SourcePosition PositionOf(string name) => _fields.TryGetValue(name, out var entry) ? entry.Value.Position : Position;

    /// <summary>The field's value, now read; null when absent or null.</summary>
    public YamlNode? Read(string name)
    {
        _asked.Add(name);
        return Has(name) ? _fields[name].Value : null;
    }

    /// <summary>An object inside this one; null when absent or of another type (which is reported).</summary>
    public YamlObject? Object(string name) => Read(name) is { } node ? As(node, PathOf(name)) : null;

    /// <summary>Like <see cref="Object"/>; absence is reported.</summary>
    public YamlObject? RequiredObject(string name)
    {
        ReportIfMissing(name);
        return Object(name);
    }

    /// <summary>A list of objects; elements of other types are reported and left out.</summary>
    public List<YamlObject> Objects(string name)
    {
        var result = new List<YamlObject>();
        foreach (var (node, path) in Items(name))
        {
            if (As(node, path) is { } item)
            {
                result.Add(item);
            }
        }

        return result;
    }

    /// <summary>A list's elements and their paths.</summary>
    public List<(YamlNode Node, string Path)> Items(string name)
    {
        switch (Read(name))
        {
            case null:
                return [];
            case YamlSequence { Items.Length: > MaxItems } sequence:
                Problems.Error(sequence.Position, ProblemCodes.InvalidValue, $"{PathOf(name)} has {sequence.Items.Length} entries: at most {MaxItems}");
                return [];
            case YamlSequence sequence:
                return [.. sequence.Items.Select((node, index) => (node, $"{PathOf(name)}[{index}]"))];
            case var other:
                Problems.WrongType(other, PathOf(name), "a list");
                return [];
        }
    }

    /// <summary>A map with keys of the user's choice.</summary>
    public IReadOnlyList<YamlEntry> Entries(string name)
    {
        switch (Read(name))
        {
            case null:
                return [];
            case YamlMapping map:
                return map.Entries;
            case var other:
                Problems.WrongType(other, PathOf(name), "a map");
                return [];
        }
    }

    public void ReportIfMissing(string name)
    {
        if (!Has(name))
        {
            Problems.Error(PositionOf(name), ProblemCodes.Missing, $"{PathOf(name)} is missing");
        }
    }

    /// <summary>Reports every field that was not read.</summary>
    public void Close(KnownFields known)
    {
        foreach (var (name, entry) in _fields)
        {
            if (Problems.IsFull && Problems.HasErrors)
            {
                return;
            }

            if (_asked.Contains(name) || known.Irrelevant.Contains(name))
            {
                continue;
            }

            if (known.Unsupported.Contains(name))
            {
                ReportUnsupported(name, entry);
            }
            else if (known.NotApplied.Contains(name))
            {
                Problems.Warning(entry.KeyPosition, ProblemCodes.NotAppliedField, $"{PathOf(entry.Key)} is not supported yet by this version: it has no effect");
            }
            else
            {
                var nearest = Suggestion.Nearest(entry.Key, _asked.Concat(known.All));
                Problems.Error(entry.KeyPosition, ProblemCodes.UnknownField, $"{PathOf(entry.Key)} is an unknown field", nearest is null ? null : $"did you mean {nearest}?");
            }
        }
    }

    private void ReportUnsupported(string name, YamlEntry entry)
    {
        if (Has(name))
        {
            Problems.Error(
                entry.KeyPosition, ProblemCodes.UnsupportedField, $"{PathOf(entry.Key)} is not supported yet by this version", "remove the field; without it the object would not mean what it says");
        }
    }

    private static string CamelCase(string key)
    {
        if (!key.Contains('_', StringComparison.Ordinal))
        {
            return key;
        }

        var result = new StringBuilder(key.Length);
        var upper = false;
        foreach (var c in key)
        {
            if (c == '_')
            {
                upper = true;
                continue;
            }

            result.Append(upper ? char.ToUpperInvariant(c) : c);
            upper = false;
        }

        return result.ToString();
    }

    private YamlObject? As(YamlNode node, string path)
    {
        if (node is YamlMapping map)
        {
            return new YamlObject(map, path, Problems);
        }

        Problems.WrongType(node, path, "a map");
        return null;
    }
}
