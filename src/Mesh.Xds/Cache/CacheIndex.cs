using System.Security.Cryptography;

namespace ProxylessMesh.Xds.Cache;

/// <summary>What is on disk: how much, in which order it was confirmed, and what this process wrote. Belongs to the writing task.</summary>
internal sealed class CacheIndex
{
    private readonly DiskResourceCacheSettings _settings;
    private readonly Dictionary<string, LinkedListNode<Entry>> _byName = new(StringComparer.Ordinal);

    // Confirmed longest ago first.
    private readonly LinkedList<Entry> _byAge = new();
    private long _totalSize;

    public CacheIndex(IEnumerable<(string FileName, long Size)> files, DiskResourceCacheSettings settings)
    {
        _settings = settings;
        foreach (var (fileName, size) in files)
        {
            Add(new(fileName, size, null));
        }
    }

    /// <summary>Whether other bytes than these stand on disk, as far as is known. A push repeats most resources unchanged.</summary>
    public bool NeedsWrite(string fileName, ReadOnlySpan<byte> bytes)
    {
        if (!_byName.TryGetValue(fileName, out var node) || node.Value.Hash is not { } hash || !SHA256.HashData(bytes).AsSpan().SequenceEqual(hash))
        {
            return true;
        }

        _byAge.Remove(node);
        _byAge.AddLast(node);
        return false;
    }

    /// <summary>Forgets and returns what has to go so that a file of this size fits.</summary>
    public IReadOnlyList<string> MakeRoom(string fileName, long size)
    {
        Remove(fileName);
        var evicted = new List<string>();
        while (_byAge.First is { } oldest && (_byName.Count >= _settings.MaxResources || _totalSize + size > _settings.MaxTotalSize))
        {
            evicted.Add(oldest.Value.FileName);
            Remove(oldest.Value.FileName);
        }

        return evicted;
    }

    public void Written(string fileName, long size, ReadOnlySpan<byte> bytes) => Add(new(fileName, size, SHA256.HashData(bytes)));

    public void Remove(string fileName)
    {
        if (_byName.Remove(fileName, out var node))
        {
            _byAge.Remove(node);
            _totalSize -= node.Value.Size;
        }
    }

    private void Add(Entry entry)
    {
        Remove(entry.FileName);
        _byName.Add(entry.FileName, _byAge.AddLast(entry));
        _totalSize += entry.Size;
    }

    private readonly record struct Entry(string FileName, long Size, byte[]? Hash);
}
