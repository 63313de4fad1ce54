using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>The other way round than <see cref="LabelIndex{T}"/>: which selectors of a namespace select these labels. Empty selectors are not held here.</summary>
internal sealed class SelectorIndex<T>
{
    private readonly Dictionary<(string Namespace, string Key, string Value), List<(int Order, T Item)>> _byFirstLabel = [];
    private readonly Func<T, EquatableMap> _selector;

    /// <param name="items">In the order in which matches are listed.</param>
    /// <param name="namespace">Of an item.</param>
    /// <param name="selector">Of an item.</param>
    public SelectorIndex(IEnumerable<T> items, Func<T, string> @namespace, Func<T, EquatableMap> selector)
    {
        _selector = selector;
        var order = 0;
        foreach (var item in items)
        {
            foreach (var (key, value) in selector(item).Entries.Take(1))
            {
                var at = (@namespace(item), key, value);
                if (!_byFirstLabel.TryGetValue(at, out var list))
                {
                    _byFirstLabel[at] = list = [];
                }

                list.Add((order++, item));
            }
        }
    }

    public IEnumerable<T> Matching(string @namespace, EquatableMap labels)
    {
        var found = new List<(int Order, T Item)>();
        foreach (var (key, value) in labels.Entries)
        {
            if (_byFirstLabel.TryGetValue((@namespace, key, value), out var list))
            {
                found.AddRange(list.Where(entry => _selector(entry.Item).IsSubsetOf(labels)));
            }
        }

        return found.OrderBy(entry => entry.Order).Select(entry => entry.Item);
    }
}
