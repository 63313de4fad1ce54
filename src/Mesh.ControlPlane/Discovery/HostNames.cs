using System.Collections.Concurrent;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>The clusters, endpoints and routes of one host that were asked for. All three types use the same names.</summary>
internal sealed class HostNames
{
    // Each port and subset is one, and so is each that a client made up.
    private const int MaxKept = 1000;

    private readonly ConcurrentDictionary<string, Resources> _names = new(StringComparer.Ordinal);

    public HostNames()
    {
    }

    /// <summary>The same names in another state, to be translated anew.</summary>
    public HostNames(HostNames previous)
    {
        IsIncomplete = previous.IsIncomplete;
        foreach (var (name, resources) in previous._names)
        {
            _names[name] = new Resources(name, resources);
        }
    }

    public IEnumerable<string> All => _names.Keys;

    /// <summary>Whether there were more names than are kept.</summary>
    public bool IsIncomplete { get; private set; }

    public TranslatedResource? Find(MeshModel model, ProxyView proxy, string typeUrl, string name)
    {
        if (_names.TryGetValue(name, out var resources))
        {
            return resources.Of(typeUrl).Find(model, proxy);
        }

        if (_names.Count >= MaxKept)
        {
            IsIncomplete = true;
            return ResourceTranslator.Translate(model, proxy, typeUrl, name);
        }

        return _names.GetOrAdd(name, static n => new Resources(n, null)).Of(typeUrl).Find(model, proxy);
    }

    private sealed class Resources(string name, Resources? previous)
    {
        private readonly ResourceVariants _cluster = new(TypeUrl.Cluster, name, previous?._cluster.Cut());
        private readonly ResourceVariants _endpoints = new(TypeUrl.Endpoints, name, previous?._endpoints.Cut());
        private readonly ResourceVariants _routes = new(TypeUrl.Route, name, previous?._routes.Cut());

        public ResourceVariants Of(string typeUrl) => typeUrl switch
        {
            TypeUrl.Cluster => _cluster,
            TypeUrl.Endpoints => _endpoints,
            _ => _routes,
        };
    }
}
