using System.Net;
using ProxylessMesh.Client.NameResolution;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.Clusters;

/// <summary>The names that a DNS cluster is made of, each looked up on its own. Names that stay keep what is known of them. Belongs to its cluster's lock.</summary>
internal sealed class ClusterNames(INameResolver resolver, TimeProvider time, IRandomSource random, Action onChanged) : IDisposable
{
    private readonly Dictionary<string, NameWatch> _watches = new(StringComparer.Ordinal);
    private DnsConfig? _config;
    private volatile IReadOnlyDictionary<string, NameWatch> _current = new Dictionary<string, NameWatch>();
    private volatile Task _settled = Task.CompletedTask;

    /// <summary>Completes when every name has been looked up once. Until then nobody can say that there is no endpoint.</summary>
    public Task Settled => _settled;

    /// <summary>Of the first name that could not be looked up, with the name.</summary>
    public string? Error => _current.Values.FirstOrDefault(w => w.Error is not null) is { } failed ? $"looking up {failed.Name} failed: {failed.Error}" : null;

    /// <summary>The addresses of a name now; none: nothing is known, or nobody watches it.</summary>
    public IReadOnlyList<IPAddress> Find(string name) => _current.GetValueOrDefault(name)?.Addresses ?? [];

    public void Watch(ClusterConfig? config, EndpointsConfig? endpoints)
    {
        if (config is not null && config.Dns != _config)
        {
            Clear();
            _config = config.Dns;
        }

        var wanted = NamesOf(config, endpoints);
        foreach (var name in _watches.Keys.Where(n => !wanted.Contains(n)).ToArray())
        {
            _watches.Remove(name, out var watch);
            watch!.Dispose();
        }

        foreach (var name in wanted)
        {
            if (!_watches.ContainsKey(name))
            {
                _watches.Add(name, new NameWatch(name, config!.Dns, resolver, time, random, onChanged));
            }
        }

        _current = new Dictionary<string, NameWatch>(_watches, StringComparer.Ordinal);
        _settled = Task.WhenAll(_watches.Values.Select(w => w.Settled));
    }

    /// <summary>The endpoints with addresses in the place of names. A logical cluster keeps its name, once there is an address.</summary>
    public EndpointsConfig? Resolve(ClusterConfig config, EndpointsConfig? endpoints)
    {
        if (_watches.Count == 0 || endpoints is null)
        {
            return endpoints;
        }

        var seen = new HashSet<(string, int)>();
        var localities = new List<LocalityConfig>(endpoints.Localities.Count);
        foreach (var locality in endpoints.Localities)
        {
            var resolved = new List<EndpointConfig>();
            foreach (var endpoint in locality.Endpoints)
            {
                foreach (var found in Resolve(config, endpoint))
                {
                    if (seen.Add((found.Address, found.Port)))
                    {
                        resolved.Add(found);
                    }
                }
            }

            localities.Add(locality with { Endpoints = resolved.ToEquatableArray() });
        }

        return endpoints with { Localities = localities.ToEquatableArray() };
    }

    public void Dispose()
    {
        Clear();
        _current = _watches;
    }

    private static HashSet<string> NamesOf(ClusterConfig? config, EndpointsConfig? endpoints) =>
        config?.Discovery is ClusterDiscovery.StrictDns or ClusterDiscovery.LogicalDns && endpoints is not null
            ? [.. endpoints.Localities.SelectMany(l => l.Endpoints).Select(e => e.Address).Where(a => !IPAddress.TryParse(a, out _))]
            : [];

    private IEnumerable<EndpointConfig> Resolve(ClusterConfig config, EndpointConfig endpoint)
    {
        if (!_watches.TryGetValue(endpoint.Address, out var watch))
        {
            return [endpoint];
        }

        if (config.Discovery == ClusterDiscovery.LogicalDns)
        {
            return watch.Addresses.Count > 0 ? [endpoint] : [];
        }

        // In an order of their own: name servers turn theirs to spread load, and that must change nothing here.
        return watch.Addresses
            .Select(a => a.ToString())
            .Order(StringComparer.Ordinal)
            .Select(address => new EndpointConfig(address, endpoint.Port, endpoint.Weight, endpoint.Health, endpoint.TransportMatch)
            {
                Hostname = endpoint.Address,
                HashKey = endpoint.HashKey,
            });
    }

    private void Clear()
    {
        foreach (var watch in _watches.Values)
        {
            watch.Dispose();
        }

        _watches.Clear();
    }
}
