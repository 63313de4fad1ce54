namespace ProxylessMesh.Xds.Routing;

/// <summary>Exact paths in a hash table and prefixes in a trie, for the routes that compare paths in one way.</summary>
internal sealed class PathLookup
{
    private readonly Dictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _exact;
    private readonly FlatPathTrie _prefixes;

    private PathLookup(Dictionary<string, int[]> exact, FlatPathTrie prefixes)
    {
        _exact = exact.GetAlternateLookup<ReadOnlySpan<char>>();
        _prefixes = prefixes;
    }

    /// <param name="routes">Each with what a path that it takes is, or begins with.</param>
    /// <param name="ignoreCase">All texts are ASCII then.</param>
    /// <param name="unindexed">Receives the routes for which there is no room.</param>
    /// <returns>Null when there are none.</returns>
    public static PathLookup? Build(IReadOnlyList<IndexedPath> routes, bool ignoreCase, List<int> unindexed)
    {
        if (routes.Count == 0)
        {
            return null;
        }

        var comparer = ignoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        var exact = new Dictionary<string, int[]>(comparer);
        foreach (var group in routes.Where(r => r.IsWhole).GroupBy(r => r.Text, comparer))
        {
            exact.Add(group.Key, [.. group.Select(r => r.Route)]);
        }

        var prefixes = new PathTrie(ignoreCase);
        foreach (var group in routes.Where(r => !r.IsWhole).GroupBy(r => r.Text, comparer).OrderBy(g => g.Key.Length))
        {
            int[] ofPrefix = [.. group.Select(r => r.Route)];
            if (!prefixes.TryAdd(group.Key, ofPrefix))
            {
                unindexed.AddRange(ofPrefix);
            }
        }

        return new PathLookup(exact, prefixes.Flatten());
    }

    public void Find(ReadOnlySpan<char> path, ref RouteCandidates candidates)
    {
        if (_exact.Dictionary.Count > 0 && _exact.TryGetValue(path, out var routes))
        {
            candidates.Add(routes);
        }

        _prefixes.Find(path, ref candidates);
    }
}
