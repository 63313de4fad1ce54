namespace ProxylessMesh.Xds.Routing;

/// <summary>A node of a <see cref="PathTrie"/>; its label is what leads to it from its parent.</summary>
internal sealed class PathTrieNode(string label)
{
    private string _firsts = "";
    private PathTrieNode[] _children = [];

    public string Label { get; private set; } = label;

    /// <summary>The routes whose prefix ends here, in their order; null: none does.</summary>
    public int[]? Routes { get; set; }

    public IReadOnlyList<PathTrieNode> Children => _children;

    public PathTrieNode? Child(char first)
    {
        var index = _firsts.AsSpan().IndexOf(first);
        return index < 0 ? null : _children[index];
    }

    public void Add(PathTrieNode child)
    {
        _firsts += child.Label[0];
        _children = [.. _children, child];
    }

    /// <summary>Puts a node in the middle of the label; this one keeps its beginning.</summary>
    public void SplitAt(int length)
    {
        var rest = new PathTrieNode(Label[length..]) { _firsts = _firsts, _children = _children, Routes = Routes };
        Label = Label[..length];
        Routes = null;
        _firsts = rest.Label[..1];
        _children = [rest];
    }
}
