using Microsoft.Extensions.Logging;
using ProxylessMesh.Server.FilterServices;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Jwt.Remote;

/// <summary>The keys that this process fetches, once for all ports, chains and providers that ask for the same.</summary>
internal sealed class RemoteKeySets(IInboundMesh mesh, ServiceChannels channels, ILogger<RemoteKeySets> logger) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RemoteKeySetConfig, RemoteKeySet> _sets = [];
    private bool _disposed;

    /// <summary>Begins to fetch what nobody has asked for so far.</summary>
    public RemoteKeySet Find(RemoteKeySetConfig config)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_sets.TryGetValue(config, out var set))
            {
                set = new RemoteKeySet(config, new RemoteKeySetFetch(config, () => channels.Http, mesh.Time), mesh.Time, logger);
                _sets.Add(config, set);
            }

            return set;
        }
    }

    /// <summary>Ends the fetching of what no filter uses any more.</summary>
    public void Keep(HashSet<RemoteKeySetConfig> used)
    {
        lock (_lock)
        {
            foreach (var gone in _sets.Keys.Where(k => !used.Contains(k)).ToList())
            {
                _sets[gone].Dispose();
                _sets.Remove(gone);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var set in _sets.Values)
            {
                set.Dispose();
            }

            _sets.Clear();
        }
    }
}
