using System.Collections.Concurrent;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.ControlPlane.Translation.Secrets;

namespace ProxylessMesh.ControlPlane.Discovery;

internal sealed class ModelView(MeshModel model, ProxyView proxy, TranslatedResource? trust) : IResourceView
{
    // One service answers to many spellings of its name, and an inbound listener to any address: clients must not fill our memory.
    private const int MaxKept = 20_000;

    private readonly ConcurrentDictionary<(string TypeUrl, string Name), TranslatedResource> _resources = new();
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _allNames = new();

    public TranslatedResource? Find(string typeUrl, string name)
    {
        if (typeUrl == TrustAnchorsBuilder.TypeUrl)
        {
            return trust?.Name == name ? trust : null;
        }

        if (_resources.TryGetValue((typeUrl, name), out var kept))
        {
            return kept;
        }

        var resource = ResourceTranslator.Translate(model, proxy, typeUrl, name);
        return resource is null || _resources.Count >= MaxKept ? resource : _resources.GetOrAdd((typeUrl, name), resource);
    }

    public IReadOnlyList<string> AllNames(string typeUrl) =>
        _allNames.GetOrAdd(typeUrl, static (type, view) => ResourceTranslator.AllNames(view.Model, view.Proxy, type), (Model: model, Proxy: proxy));
}
