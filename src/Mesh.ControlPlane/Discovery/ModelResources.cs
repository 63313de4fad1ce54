using System.Collections.Concurrent;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>The translation of one model, kept per view: each resource is encoded once, however many clients ask.</summary>
internal sealed class ModelResources(string version, MeshModel model) : IResourceGenerator
{
    // Clients come and go with ever new labels; beyond this they are served without sharing.
    private const int MaxSharedViews = 4096;

    private readonly ConcurrentDictionary<ProxyView, ModelView> _views = new();

    public string Version => version;

    public IReadOnlyList<string> TypeUrls => ResourceTranslator.TypeUrls;

    public IResourceView ViewFor(ProxyView proxy) =>
        _views.TryGetValue(proxy, out var view) ? view
        : _views.Count >= MaxSharedViews ? new ModelView(model, proxy)
        : _views.GetOrAdd(proxy, static (key, model) => new ModelView(model, key), model);
}
