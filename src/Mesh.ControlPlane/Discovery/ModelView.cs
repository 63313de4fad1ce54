using System.Collections.Concurrent;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.ControlPlane.Translation.Listeners;
using ProxylessMesh.ControlPlane.Translation.Secrets;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <param name="resources">The state.</param>
/// <param name="proxy">The clients.</param>
/// <param name="inbound">Listeners of theirs that are as they were; null: they are to be translated.</param>
internal sealed class ModelView(ModelResources resources, ProxyView proxy, NamedResources? inbound) : IResourceView
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _allNames = new();

    /// <summary>What the clients accept themselves; nobody else has the same.</summary>
    public NamedResources Inbound { get; } = inbound ?? new NamedResources(TypeUrl.Listener, null);

    /// <summary>Whether a client of this kind was here since the state was published.</summary>
    public bool IsUsed { get; set; }

    public TranslatedResource? Find(string typeUrl, string name)
    {
        var found = typeUrl switch
        {
            TrustAnchorsBuilder.TypeUrl => resources.Trust?.Name == name ? resources.Trust : null,
            TypeUrl.Listener or TypeUrl.Route when ResourceTranslator.IsOfGateway(proxy, name) => resources.Gateways.Find(resources.Model, proxy, typeUrl, name),
            TypeUrl.Listener when name.StartsWith(InboundListenerBuilder.NamePrefix, StringComparison.Ordinal) => Inbound.Find(resources.Model, proxy, name),
            TypeUrl.Listener => resources.Listeners.Find(resources.Model, proxy, name),
            _ => resources.Hosts.Find(proxy, typeUrl, name),
        };
        if (resources.Verifies)
        {
            Verify(typeUrl, name, found);
        }

        return found;
    }

    public IReadOnlyList<string> AllNames(string typeUrl) =>
        _allNames.GetOrAdd(typeUrl, static (type, view) => ResourceTranslator.AllNames(view.Model, view.Proxy, type), (resources.Model, Proxy: proxy));

    private void Verify(string typeUrl, string name, TranslatedResource? found)
    {
        if (typeUrl != TrustAnchorsBuilder.TypeUrl && !Equals(found, ResourceTranslator.Translate(resources.Model, proxy, typeUrl, name)))
        {
            throw new InvalidOperationException($"{name} of {typeUrl} is kept from another state or client, for which it is another.");
        }
    }
}
