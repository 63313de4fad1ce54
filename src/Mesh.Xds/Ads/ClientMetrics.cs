using System.Diagnostics.Metrics;

namespace ProxylessMesh.Xds.Ads;

/// <summary>What one client has to say to <see cref="XdsInstruments"/>. Written to by the event loop, read by whoever collects.</summary>
internal sealed class ClientMetrics
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, bool> _servers = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Authority, string Type, string State), long> _resources = [];

    /// <summary>A stream is begun, or has brought its first response.</summary>
    public void Connected(string server)
    {
        lock (_lock)
        {
            _servers[server] = true;
        }
    }

    /// <summary>A stream ended without a response.</summary>
    /// <param name="server">Whose.</param>
    /// <param name="isNew">The server was in order before.</param>
    public void Failed(string server, bool isNew)
    {
        lock (_lock)
        {
            _servers[server] = false;
        }

        if (isNew)
        {
            XdsInstruments.ServerFailures.Add(1, XdsInstruments.Target, XdsInstruments.Server(server));
        }
    }

    /// <summary>The server is not used any more.</summary>
    public void Left(string server)
    {
        lock (_lock)
        {
            _servers.Remove(server);
        }
    }

    /// <summary>Resources of a response.</summary>
    public static void Received(string server, string typeUrl, int valid, int invalid)
    {
        Add(XdsInstruments.ValidUpdates, valid);
        Add(XdsInstruments.InvalidUpdates, invalid);

        void Add(Counter<long> counter, int count)
        {
            if (count > 0 && counter.Enabled)
            {
                counter.Add(count, XdsInstruments.Target, XdsInstruments.Server(server), XdsInstruments.Type(typeUrl));
            }
        }
    }

    /// <summary>A resource goes from one state to another; null: it is new, or gone.</summary>
    public void Moved(string? authority, string typeUrl, string? from, string? to)
    {
        if (from == to)
        {
            return;
        }

        lock (_lock)
        {
            Add(from, -1);
            Add(to, 1);
        }

        void Add(string? state, long count)
        {
            if (state is not null)
            {
                var key = (authority ?? XdsInstruments.NoAuthority, typeUrl, state);
                var sum = _resources.GetValueOrDefault(key) + count;
                _ = sum == 0 ? _resources.Remove(key) : (_resources[key] = sum) > 0;
            }
        }
    }

    public void ReadServers(List<Measurement<long>> measurements)
    {
        lock (_lock)
        {
            foreach (var (server, isConnected) in _servers)
            {
                measurements.Add(new(isConnected ? 1 : 0, XdsInstruments.Target, XdsInstruments.Server(server)));
            }
        }
    }

    public void ReadResources(List<Measurement<long>> measurements)
    {
        lock (_lock)
        {
            foreach (var ((authority, type, state), count) in _resources)
            {
                measurements.Add(new(
                    count, XdsInstruments.Target, XdsInstruments.Type(type), new("grpc.xds.authority", authority), new("grpc.xds.cache_state", state)));
            }
        }
    }
}
