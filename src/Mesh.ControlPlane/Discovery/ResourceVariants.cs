using System.Collections.Concurrent;
using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>
/// The translations of one name, each for all the clients that agree in what it looked at (as HTTP's Vary does for responses):
/// a translation is a pure function, so what it did not look at cannot change it.
/// </summary>
/// <param name="typeUrl">Of the resource.</param>
/// <param name="name">Of the resource.</param>
/// <param name="previous">The same in the state before: what did not change stays the same object.</param>
/// <param name="ignored">What all clients that ask here agree in, as far as it matters.</param>
internal sealed class ResourceVariants(string typeUrl, string name, ResourceVariants? previous, ViewFields ignored = ViewFields.None)
{
    // Clients come and go with ever new labels.
    private const int MaxKept = 5000;

    private readonly Lock _lock = new();
    private ResourceVariants? _previous = previous;
    private ImmutableArray<ConcurrentDictionary<ProxyView, TranslatedResource?>> _groups = [];

    /// <summary>This, for a later state that nothing older hangs on.</summary>
    public ResourceVariants Cut()
    {
        _previous = null;
        return this;
    }

    public TranslatedResource? Find(MeshModel model, ProxyView proxy)
    {
        if (TryGet(proxy, out var known))
        {
            return known;
        }

        var reads = new ViewReads();
        var made = ResourceTranslator.Translate(model, proxy.Recording(reads), typeUrl, name);
        lock (_lock)
        {
            var group = GroupOf(reads.Fields & ~ignored);
            return group.Count >= MaxKept ? made : group.GetOrAdd(proxy, Known(proxy, made));
        }
    }

    public bool TryGet(ProxyView proxy, out TranslatedResource? known)
    {
        foreach (var group in _groups)
        {
            if (group.TryGetValue(proxy, out known))
            {
                return true;
            }
        }

        known = null;
        return false;
    }

    /// <summary>The object that there is already, when one has the same content.</summary>
    private TranslatedResource? Known(ProxyView proxy, TranslatedResource? made)
    {
        if (made is null)
        {
            return null;
        }

        if (_previous is { } previous && previous.TryGet(proxy, out var before) && before?.IsSameAs(made) is true)
        {
            return before;
        }

        foreach (var group in _groups)
        {
            foreach (var (_, other) in group)
            {
                if (other?.IsSameAs(made) is true)
                {
                    return other;
                }
            }
        }

        return made;
    }

    private ConcurrentDictionary<ProxyView, TranslatedResource?> GroupOf(ViewFields fields)
    {
        var comparer = ViewComparer.Of(fields);
        foreach (var group in _groups)
        {
            if (ReferenceEquals(group.Comparer, comparer))
            {
                return group;
            }
        }

        var added = new ConcurrentDictionary<ProxyView, TranslatedResource?>(concurrencyLevel: 1, capacity: 3, comparer);
        _groups = _groups.Add(added);
        return added;
    }
}
