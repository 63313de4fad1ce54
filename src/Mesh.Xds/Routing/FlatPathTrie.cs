namespace ProxylessMesh.Xds.Routing;

/// <summary>
/// A <see cref="PathTrie"/> in three arrays: one walk along a path finds all prefixes of it, in a time that grows with the length of the
/// path and not with the number of routes. Siblings stand side by side, so that a step touches little memory.
/// </summary>
internal sealed class FlatPathTrie
{
    private readonly Node[] _nodes;
    private readonly char[] _firsts;
    private readonly char[] _labels;
    private readonly bool _ignoreCase;

    public FlatPathTrie(PathTrieNode root, bool ignoreCase)
    {
        _ignoreCase = ignoreCase;
        var nodes = new List<Node>();
        var labels = new List<char>();
        var pending = new List<PathTrieNode> { root };
        for (var i = 0; i < pending.Count; i++)
        {
            var node = pending[i];

            // The first character has been compared by whoever steps to the node.
            var rest = node.Label.Length == 0 ? "" : node.Label[1..];
            nodes.Add(new Node(labels.Count, rest.Length, pending.Count, node.Children.Count, node.Routes));
            labels.AddRange(rest);
            pending.AddRange(node.Children);
        }

        _nodes = [.. nodes];
        _labels = [.. labels];
        _firsts = [.. pending.Select(n => n.Label.Length == 0 ? '\0' : n.Label[0])];
    }

    /// <summary>Adds the routes of all prefixes of the path.</summary>
    public void Find(ReadOnlySpan<char> path, ref RouteCandidates candidates)
    {
        ref readonly var node = ref _nodes[0];
        while (true)
        {
            candidates.Add(node.Routes);
            if (path.IsEmpty)
            {
                return;
            }

            var child = _firsts.AsSpan(node.Child, node.Children).IndexOf(_ignoreCase ? char.ToLowerInvariant(path[0]) : path[0]);
            if (child < 0)
            {
                return;
            }

            node = ref _nodes[node.Child + child];
            path = path[1..];
            if (node.LabelLength > 0)
            {
                var label = _labels.AsSpan(node.Label, node.LabelLength);
                if (!path.StartsWith(label, _ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal))
                {
                    return;
                }

                path = path[label.Length..];
            }
        }
    }

    /// <param name="Label">Where the rest of the label begins.</param>
    /// <param name="LabelLength">Its length.</param>
    /// <param name="Child">The first of the children.</param>
    /// <param name="Children">How many there are.</param>
    /// <param name="Routes">The routes whose prefix ends here; null: none does.</param>
    private readonly record struct Node(int Label, int LabelLength, int Child, int Children, int[]? Routes);
}
