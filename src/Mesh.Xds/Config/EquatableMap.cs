using System.Collections.Immutable;

namespace ProxylessMesh.Xds.Config;

/// <summary>A small immutable map of text to text that compares by content: a sorted list, for there are thousands of them, of a few entries each.</summary>
internal sealed class EquatableMap : IEquatable<EquatableMap>
{
    private readonly ImmutableArray<KeyValuePair<string, string>> _entries;

    private EquatableMap(ImmutableArray<KeyValuePair<string, string>> entries) => _entries = entries;

    public static EquatableMap Empty { get; } = new([]);

    public int Count => _entries.Length;

    /// <summary>By key, in ordinal order.</summary>
    public IEnumerable<KeyValuePair<string, string>> Entries => _entries;

    /// <exception cref="ArgumentException">A key has two values.</exception>
    public static EquatableMap From(IEnumerable<KeyValuePair<string, string>> entries)
    {
        KeyValuePair<string, string>[] sorted = [.. entries];
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        var count = 0;
        foreach (var entry in sorted)
        {
            if (count == 0 || sorted[count - 1].Key != entry.Key)
            {
                sorted[count++] = entry;
            }
            else if (sorted[count - 1].Value != entry.Value)
            {
                throw new ArgumentException($"{entry.Key} has two values");
            }
        }

        return count == 0 ? Empty : new EquatableMap([.. sorted.AsSpan(0, count)]);
    }

    public string? Find(string key)
    {
        var (low, high) = (0, _entries.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(_entries[middle].Key, key);
            if (order == 0)
            {
                return _entries[middle].Value;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

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

    public bool Equals(EquatableMap? other) => other is not null && (ReferenceEquals(this, other) || (Count == other.Count && IsSubsetOf(other)));

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
