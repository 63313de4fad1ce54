using System.Collections.Concurrent;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.ControlPlane.Translation.Secrets;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>The translation of one model, kept per view: each resource is encoded once, however many clients ask.</summary>
internal sealed class ModelResources(string version, MeshModel model, TranslatedResource? trust = null) : IResourceGenerator
{
    // Clients come and go with ever new labels; beyond this they are served without sharing.
    private const int MaxSharedViews = 4096;

    // Roots first: a certificate of a new one must not be met before.
    private static readonly IReadOnlyList<string> s_types = [TrustAnchorsBuilder.TypeUrl, .. ResourceTranslator.TypeUrls];

    private readonly ConcurrentDictionary<ProxyView, ModelView> _views = new();

    public string Version => version;

    public IReadOnlyList<string> TypeUrls => s_types;

    public IResourceView ViewFor(ProxyView proxy) =>
        _views.TryGetValue(proxy, out var view) ? view
        : _views.Count >= MaxSharedViews ? new ModelView(model, proxy, trust)
        : _views.GetOrAdd(proxy, static (key, all) => new ModelView(all.model, key, all.trust), (model, trust));
}
