using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>Things with labels, by namespace and label: a selector looks only at those that carry its rarest label.</summary>
internal sealed class LabelIndex<T>
{
    private readonly Dictionary<(string Namespace, string Key, string Value), T[]> _byLabel;
    private readonly Func<T, EquatableMap> _labels;

    /// <param name="items">In the order in which selections list them.</param>
    /// <param name="namespace">Of an item.</param>
    /// <param name="labels">Of an item.</param>
    public LabelIndex(IEnumerable<T> items, Func<T, string> @namespace, Func<T, EquatableMap> labels)
    {
        _labels = labels;
        var byLabel = new Dictionary<(string Namespace, string Key, string Value), List<T>>();
        foreach (var item in items)
        {
            foreach (var (key, value) in labels(item).Entries)
            {
                var at = (@namespace(item), key, value);
                if (!byLabel.TryGetValue(at, out var list))
                {
                    byLabel[at] = list = [];
                }

                list.Add(item);
            }
        }

        // It stays for long, and most of its lists are short: no room for more.
        _byLabel = byLabel.ToDictionary(e => e.Key, e => e.Value.ToArray());
    }

    /// <summary>The empty selector selects none.</summary>
    public IEnumerable<T> Select(string @namespace, EquatableMap selector)
    {
        T[]? rarest = null;
        foreach (var (key, value) in selector.Entries)
        {
            if (!_byLabel.TryGetValue((@namespace, key, value), out var list))
            {
                return [];
            }

            rarest = rarest is null || list.Length < rarest.Length ? list : rarest;
        }

        return rarest is null ? [] : rarest.Where(item => selector.IsSubsetOf(_labels(item)));
    }
}
