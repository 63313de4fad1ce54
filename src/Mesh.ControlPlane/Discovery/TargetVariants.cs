using System.Collections.Concurrent;
using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.ControlPlane.Translation.Clusters;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>
/// The translations of a cluster or its endpoints. A client's namespace decides what the name means to it and nothing else, and to most
/// namespaces it means the same: those share the translations.
/// </summary>
/// <param name="typeUrl">Of the resource.</param>
/// <param name="name">Of the resource.</param>
/// <param name="previous">The same in the state before: what did not change stays the same object.</param>
internal sealed class TargetVariants(string typeUrl, string name, TargetVariants? previous)
{
    // Who proves nothing may claim any namespace.
    private const int MaxKept = 5000;

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, ResourceVariants> _byNamespace = new(concurrencyLevel: 1, capacity: 3, StringComparer.Ordinal);
    private ImmutableArray<(ClusterTarget Target, ResourceVariants Variants)> _byTarget = [];
    private TargetVariants? _previous = previous;

    /// <summary>This, for a later state that nothing older hangs on.</summary>
    public TargetVariants Cut()
    {
        _previous = null;
        foreach (var (_, variants) in _byTarget)
        {
            variants.Cut();
        }

        return this;
    }

    public TranslatedResource? Find(MeshModel model, ProxyView proxy)
    {
        if (_byNamespace.TryGetValue(proxy.Namespace, out var known))
        {
            return known.Find(model, proxy);
        }

        if (ClusterTarget.Find(model, proxy, name) is not { } target)
        {
            return null;
        }

        lock (_lock)
        {
            var variants = _byTarget.FirstOrDefault(t => t.Target == target).Variants;
            if (variants is null)
            {
                variants = new ResourceVariants(typeUrl, name, _previous?._byNamespace.GetValueOrDefault(proxy.Namespace)?.Cut(), ViewFields.Namespace);
                _byTarget = _byTarget.Add((target, variants));
            }

            if (_byNamespace.Count < MaxKept)
            {
                _byNamespace[proxy.Namespace] = variants;
            }

            return variants.Find(model, proxy);
        }
    }
}
