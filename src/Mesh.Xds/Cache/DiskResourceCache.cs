using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace ProxylessMesh.Xds.Cache;

/// <summary>
/// The last-known-good resources, one file each in one directory. Files are read when somebody asks for them, and written by
/// a task of their own: a change that is not written yet is replaced by the next one of the same resource. Trouble with the
/// disk is logged and otherwise harmless.
/// </summary>
internal sealed class DiskResourceCache : IResourceCache
{
    private readonly CacheDirectory _directory;
    private readonly CacheIndex _index;
    private readonly DiskResourceCacheSettings _settings;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();

    // What is still to be written, by file name; null = to be deleted. At most one entry per resource.
    private readonly Dictionary<string, StoredResource?> _pending = new(StringComparer.Ordinal);
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Task _writing;
    private long _pendingSize;
    private bool _writeFailed;

    private DiskResourceCache(CacheDirectory directory, CacheIndex index, DiskResourceCacheSettings settings, ILogger logger)
    {
        _directory = directory;
        _index = index;
        _settings = settings;
        _logger = logger;
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Opens the cache; null, with a warning, when the directory cannot be used.</summary>
    public static DiskResourceCache? Open(string path, DiskResourceCacheSettings settings, ILoggerFactory logs)
    {
        var logger = logs.CreateLogger<DiskResourceCache>();
        try
        {
            var directory = new CacheDirectory(path);
            return new(directory, new CacheIndex(directory.List(), settings), settings, logger);
        }
        catch (Exception e) when (IsDiskTrouble(e))
        {
            CacheLog.Unusable(logger, path, e.Message);
            return null;
        }
    }

    public StoredResource? Find(string typeUrl, string name)
    {
        var fileName = CacheDirectory.FileName(typeUrl, name);
        lock (_lock)
        {
            if (_pending.TryGetValue(fileName, out var pending))
            {
                return pending;
            }
        }

        try
        {
            var content = _directory.Read(fileName, _settings.MaxFileSize, out var size);
            if (content is null)
            {
                return size == 0 ? null : Ignore(fileName, $"it has {size} bytes, more than {_settings.MaxFileSize}");
            }

            if (!StoredResourceFormat.TryRead(content, out var resource, out var problem))
            {
                return Ignore(fileName, problem);
            }

            return resource.TypeUrl == typeUrl && resource.Name == name
                ? resource
                : Ignore(fileName, "it holds another resource than its name says");
        }
        catch (Exception e) when (IsDiskTrouble(e))
        {
            return Ignore(fileName, e.Message);
        }
    }

    public void Store(string typeUrl, string name, string version, ReadOnlyMemory<byte> bytes)
    {
        var fileName = CacheDirectory.FileName(typeUrl, name);
        var resource = new StoredResource(typeUrl, name, version, bytes);
        var size = StoredResourceFormat.SizeOf(resource);
        if (size <= _settings.MaxFileSize)
        {
            Enqueue(fileName, resource);
            return;
        }

        // What was known before is no longer true.
        Enqueue(fileName, null);
        if (WarnsFirst(fileName))
        {
            CacheLog.TooLarge(_logger, typeUrl, name, size, _settings.MaxFileSize);
        }
    }

    public void Remove(string typeUrl, string name) => Enqueue(CacheDirectory.FileName(typeUrl, name), null);

    /// <summary>Writes what is still to be written.</summary>
    public async ValueTask DisposeAsync()
    {
        _signal.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
    }

    private static bool IsDiskTrouble(Exception e) => e is IOException or UnauthorizedAccessException or System.Security.SecurityException;

    private void Enqueue(string fileName, StoredResource? resource)
    {
        lock (_lock)
        {
            // A disk that does not keep up must not cost memory; the resource comes again with the next response.
            var size = resource?.Bytes.Length ?? 0;
            if (_pending.Count >= _settings.MaxResources || _pendingSize + size > _settings.MaxTotalSize)
            {
                return;
            }

            _pendingSize += size - (_pending.GetValueOrDefault(fileName)?.Bytes.Length ?? 0);
            _pending[fileName] = resource;
        }

        _signal.Writer.TryWrite(true);
    }

    private async Task WriteAsync()
    {
        while (await _signal.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            _signal.Reader.TryRead(out _);
            KeyValuePair<string, StoredResource?>[] work;
            lock (_lock)
            {
                work = [.. _pending];
            }

            foreach (var (fileName, resource) in work)
            {
                Write(fileName, resource);
                lock (_lock)
                {
                    // Stays findable until the file is; a newer change stays to be written.
                    if (_pending.TryGetValue(fileName, out var now) && ReferenceEquals(now, resource))
                    {
                        _pending.Remove(fileName);
                        _pendingSize -= resource?.Bytes.Length ?? 0;
                    }
                }
            }
        }
    }

    private void Write(string fileName, StoredResource? resource)
    {
        try
        {
            if (resource is null)
            {
                _index.Remove(fileName);
                _directory.Delete(fileName);
            }
            else if (_index.NeedsWrite(fileName, resource.Bytes.Span))
            {
                var content = StoredResourceFormat.Write(resource);
                foreach (var evicted in _index.MakeRoom(fileName, content.Length))
                {
                    _directory.Delete(evicted);
                }

                _directory.Write(fileName, content);
                _index.Written(fileName, content.Length, resource.Bytes.Span);
            }

            _writeFailed = false;
        }
        catch (Exception e) when (IsDiskTrouble(e))
        {
            if (!_writeFailed)
            {
                CacheLog.WriteFailed(_logger, e.Message);
            }

            _writeFailed = true;
        }
    }

    private StoredResource? Ignore(string fileName, string problem)
    {
        if (WarnsFirst(fileName))
        {
            CacheLog.Ignored(_logger, fileName, problem);
        }

        return null;
    }

    private bool WarnsFirst(string fileName)
    {
        lock (_lock)
        {
            return _warned.Count < _settings.MaxResources && _warned.Add(fileName);
        }
    }
}
