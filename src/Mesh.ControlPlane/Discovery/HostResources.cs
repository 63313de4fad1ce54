using System.Collections.Concurrent;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>Clusters, endpoints and routes by host. A state shares those of the hosts that no change concerns with the state before.</summary>
internal sealed class HostResources
{
    private readonly MeshModel _model;
    private readonly ConcurrentDictionary<string, HostNames> _hosts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, HostNames>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    /// <param name="model">Of the new state.</param>
    /// <param name="changes">Since <paramref name="previous"/>.</param>
    /// <param name="previous">Null: there was none.</param>
    public HostResources(MeshModel model, ModelChanges changes, HostResources? previous)
    {
        _model = model;
        _lookup = _hosts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var (host, names) in previous?._hosts ?? [])
        {
            var concerned = changes.Concern(host);
            if (!concerned && !changes.ConcernServersOf(host))
            {
                _hosts[host] = names.Cut();
            }
            else if (model.Services.Knows(host))
            {
                _hosts[host] = new HostNames(names, keepsRoutes: !concerned);
            }
        }
    }

    public TranslatedResource? Find(ProxyView proxy, string typeUrl, string name)
    {
        var host = name.AsSpan(name.LastIndexOf('|') + 1);
        if (_lookup.TryGetValue(host, out var names))
        {
            return names.Find(_model, proxy, typeUrl, name);
        }

        // Only a host of a service is kept, and when those change everything is looked at: so none can be missed, and none made up.
        return _model.Services.Knows(host.ToString())
            ? _hosts.GetOrAdd(host.ToString(), static _ => new HostNames()).Find(_model, proxy, typeUrl, name)
            : ResourceTranslator.Translate(_model, proxy, typeUrl, name);
    }

    /// <summary>The names that a change concerns, for each type; false when not all of them are known.</summary>
    public bool TryFindNames(ModelChanges changes, Dictionary<string, IReadOnlySet<string>> byType)
    {
        var (served, routed) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var (host, names) in _hosts)
        {
            var concerned = changes.Concern(host);
            if (!concerned && !changes.ConcernServersOf(host))
            {
                continue;
            }

            if (names.IsIncomplete)
            {
                return false;
            }

            served.UnionWith(names.All);
            if (concerned)
            {
                routed.UnionWith(names.All);
            }
        }

        (byType[TypeUrl.Cluster], byType[TypeUrl.Endpoints], byType[TypeUrl.Route]) = (served, served, routed);
        return true;
    }
}
