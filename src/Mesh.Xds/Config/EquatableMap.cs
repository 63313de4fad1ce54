using System.Collections.Immutable;

namespace ProxylessMesh.Xds.Config;

/// <summary>A small immutable map of text to text that compares by content.</summary>
internal sealed class EquatableMap : IEquatable<EquatableMap>
{
    private readonly ImmutableSortedDictionary<string, string> _entries;

    private EquatableMap(ImmutableSortedDictionary<string, string> entries) => _entries = entries;

    public static EquatableMap Empty { get; } = new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    public int Count => _entries.Count;

    public IEnumerable<KeyValuePair<string, string>> Entries => _entries;

    public static EquatableMap From(IEnumerable<KeyValuePair<string, string>> entries) =>
        new(entries.ToImmutableSortedDictionary(StringComparer.Ordinal));

    public string? Find(string key) => _entries.GetValueOrDefault(key);

    /// <summary>Whether every entry of this map stands in the other too. The empty map is in every map.</summary>
    public bool IsSubsetOf(EquatableMap other)
    {
        foreach (var (key, value) in _entries)
        {
            if (other.Find(key) != value)
            {
                return false;
            }
        }

        return true;
    }

    public bool Equals(EquatableMap? other) => other is not null && Count == other.Count && IsSubsetOf(other);

    public override bool Equals(object? obj) => Equals(obj as EquatableMap);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (key, value) in _entries)
        {
            hash.Add(key, StringComparer.Ordinal);
            hash.Add(value, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }
}
