namespace ProxylessMesh.Xds.Routing;

/// <summary>
/// Path prefixes, each with the routes that ask for it; common beginnings stand once.
/// </summary>
/// <param name="ignoreCase">Prefixes and paths are ASCII, and their case does not matter.</param>
internal sealed class PathTrie(bool ignoreCase)
{
    /// <summary>Prefixes of prefixes of prefixes: more than so many above each other are refused, so that a walk's findings fit a fixed buffer.</summary>
    public const int MaxNesting = 8;

    private readonly PathTrieNode _root = new("");

    /// <summary>Adds a prefix; shorter ones first. False when too many other prefixes begin it.</summary>
    public bool TryAdd(string prefix, int[] routes)
    {
        var text = ignoreCase ? prefix.ToLowerInvariant() : prefix;
        var node = _root;
        var rest = text.AsSpan();
        var above = 0;
        while (!rest.IsEmpty)
        {
            above += node.Routes is null ? 0 : 1;
            if (above == MaxNesting)
            {
                return false;
            }

            if (node.Child(rest[0]) is not { } child)
            {
                child = new PathTrieNode(rest.ToString());
                node.Add(child);
            }

            var common = rest.CommonPrefixLength(child.Label);
            if (common < child.Label.Length)
            {
                child.SplitAt(common);
            }

            rest = rest[common..];
            node = child;
        }

        node.Routes = routes;
        return true;
    }

    /// <summary>What was added, laid out for walks.</summary>
    public FlatPathTrie Flatten() => new(_root, ignoreCase);
}
