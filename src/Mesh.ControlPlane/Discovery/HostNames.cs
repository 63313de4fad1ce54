using System.Collections.Concurrent;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>The clusters, endpoints and routes of one host that were asked for. All three types use the same names.</summary>
internal sealed class HostNames
{
    // Each port and subset is one, and so is each that a client made up.
    private const int MaxKept = 1000;

    private readonly ConcurrentDictionary<string, Resources> _names = new(concurrencyLevel: 1, capacity: 3, StringComparer.Ordinal);

    public HostNames()
    {
    }

    /// <summary>The same names in another state, to be translated anew.</summary>
    /// <param name="previous">In the state before.</param>
    /// <param name="keepsRoutes">Routes need not be: it is the servers alone that changed.</param>
    public HostNames(HostNames previous, bool keepsRoutes)
    {
        IsIncomplete = previous.IsIncomplete;
        foreach (var (name, resources) in previous._names)
        {
            _names[name] = new Resources(name, resources, keepsRoutes);
        }
    }

    /// <summary>This, for a later state that nothing older hangs on.</summary>
    public HostNames Cut()
    {
        foreach (var (_, resources) in _names)
        {
            resources.Cut();
        }

        return this;
    }

    public IEnumerable<string> All => _names.Keys;

    /// <summary>Whether there were more names than are kept.</summary>
    public bool IsIncomplete { get; private set; }

    public TranslatedResource? Find(MeshModel model, ProxyView proxy, string typeUrl, string name)
    {
        if (_names.TryGetValue(name, out var resources))
        {
            return resources.Find(model, proxy, typeUrl);
        }

        if (_names.Count >= MaxKept)
        {
            IsIncomplete = true;
            return ResourceTranslator.Translate(model, proxy, typeUrl, name);
        }

        return _names.GetOrAdd(name, static n => new Resources(n, null, false)).Find(model, proxy, typeUrl);
    }

    private sealed class Resources(string name, Resources? previous, bool keepsRoutes)
    {
        private readonly TargetVariants _cluster = new(TypeUrl.Cluster, name, previous?._cluster.Cut());
        private readonly TargetVariants _endpoints = new(TypeUrl.Endpoints, name, previous?._endpoints.Cut());
        private readonly ResourceVariants _routes = keepsRoutes ? previous!._routes : new(TypeUrl.Route, name, previous?._routes.Cut());

        public void Cut()
        {
            _cluster.Cut();
            _endpoints.Cut();
            _routes.Cut();
        }

        public TranslatedResource? Find(MeshModel model, ProxyView proxy, string typeUrl) => typeUrl switch
        {
            TypeUrl.Cluster => _cluster.Find(model, proxy),
            TypeUrl.Endpoints => _endpoints.Find(model, proxy),
            TypeUrl.Route => _routes.Find(model, proxy),
            _ => null,
        };
    }
}
