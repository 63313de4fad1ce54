using System.Collections.Concurrent;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>The translations of one type, by name.</summary>
/// <param name="typeUrl">The type.</param>
/// <param name="previous">Of the state before: what did not change stays the same object.</param>
internal sealed class NamedResources(string typeUrl, NamedResources? previous)
{
    /// <summary>One service answers to many spellings of its name, and an inbound listener to any address: clients must not fill our memory.</summary>
    public const int MaxKept = 20_000;

    private readonly ConcurrentDictionary<string, ResourceVariants> _names = new(StringComparer.Ordinal);

    // Of the one before that, nothing is needed any more.
    private ConcurrentDictionary<string, ResourceVariants>? _previous = previous?.Retired();

    public TranslatedResource? Find(MeshModel model, ProxyView proxy, string name)
    {
        if (_names.TryGetValue(name, out var variants))
        {
            return variants.Find(model, proxy);
        }

        if (_names.Count >= MaxKept)
        {
            return ResourceTranslator.Translate(model, proxy, typeUrl, name);
        }

        variants = new ResourceVariants(typeUrl, name, _previous?.GetValueOrDefault(name)?.Cut());

        // What does not exist is not kept: anything may be asked for.
        return variants.Find(model, proxy) is { } found ? _names.GetOrAdd(name, variants).Find(model, proxy) ?? found : null;
    }

    private ConcurrentDictionary<string, ResourceVariants> Retired()
    {
        _previous = null;
        return _names;
    }
}
