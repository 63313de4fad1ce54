using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.JsonWebKeys;

/// <summary>Fetches the keys that the configuration refers to, and forgets those that it no longer does.</summary>
internal sealed class KeySetStore : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<KeySetAddress, KeySetWatch> _watches = [];
    private readonly KeySetLimits _limits;
    private readonly KeySetFetcher _fetcher;
    private readonly SemaphoreSlim _slots;
    private readonly TimeProvider _time;
    private readonly ILogger<KeySetStore> _logger;
    private bool _disposed;

    public KeySetStore(KeySetLimits limits, TimeProvider time, ILogger<KeySetStore> logger)
    {
        _limits = limits;
        _fetcher = new KeySetFetcher(limits);
        _slots = new SemaphoreSlim(limits.Concurrent, limits.Concurrent);
        _time = time;
        _logger = logger;
    }

    /// <summary>Keys of an address have come or have changed.</summary>
    public event Action? Changed;

    /// <summary>Begins to fetch what is new, ends what is no longer used, and tells what is known now.</summary>
    public KeySets Follow(IEnumerable<MeshObject> objects)
    {
        var wanted = objects.OfType<RequestAuthentication>()
            .SelectMany(p => p.Rules)
            .Where(r => r.KeySet is null)
            .GroupBy(KeySetAddress.Of)
            .ToDictionary(g => g.Key, g => g.Max(r => r.Timeout));
        lock (_lock)
        {
            if (_disposed)
            {
                return KeySets.None;
            }

            foreach (var gone in _watches.Keys.Except(wanted.Keys).ToList())
            {
                _watches[gone].Dispose();
                _watches.Remove(gone);
            }

            foreach (var (address, timeout) in wanted)
            {
                Follow(address, timeout);
            }

            return new KeySets(_watches
                .Where(w => w.Value.Current is not null)
                .ToImmutableDictionary(w => w.Key, w => w.Value.Current!));
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var watch in _watches.Values)
            {
                watch.Dispose();
            }

            _watches.Clear();
        }

        _fetcher.Dispose();
    }

    private void Follow(KeySetAddress address, TimeSpan timeout)
    {
        if (_watches.TryGetValue(address, out var watch))
        {
            watch.Timeout = timeout;
            return;
        }

        watch = new KeySetWatch(address, timeout, _limits, FetchAsync, () => Changed?.Invoke(), _time, _logger);
        _watches[address] = watch;
        watch.Start();
    }

    private async Task<string> FetchAsync(KeySetAddress address, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await _fetcher.FetchAsync(address, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }
}
