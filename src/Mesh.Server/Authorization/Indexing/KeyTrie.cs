namespace ProxylessMesh.Server.Authorization.Indexing;

/// <summary>
/// Texts and prefixes that lead to policies. Looking a text up visits only the policies whose keys it is or begins with; letter
/// case (ASCII) does not count, so what is found must still be asked.
/// </summary>
internal sealed class KeyTrie
{
    private readonly List<RbacPolicy> _exact = [];
    private readonly List<RbacPolicy> _prefix = [];
    private string _label;
    private List<KeyTrie> _children = [];

    public KeyTrie()
        : this("")
    {
    }

    private KeyTrie(string label) => _label = label;

    public void Add(PolicyKey key, RbacPolicy policy) => Add(key.Text.ToLowerInvariant(), key.IsPrefix, policy);

    /// <summary>The first policy that leads here and matches, or null.</summary>
    public RbacPolicy? Find(ReadOnlySpan<char> text, Filters.InboundSubject subject)
    {
        var node = this;
        while (true)
        {
            if (Matching(node._prefix, subject) is { } found)
            {
                return found;
            }

            if (text.IsEmpty)
            {
                return Matching(node._exact, subject);
            }

            if (node.Child(char.ToLowerInvariant(text[0])) is not { } child || !text.StartsWith(child._label, StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }

            text = text[child._label.Length..];
            node = child;
        }
    }

    private static RbacPolicy? Matching(List<RbacPolicy> policies, Filters.InboundSubject subject)
    {
        foreach (var policy in policies)
        {
            if (policy.Matches(subject))
            {
                return policy;
            }
        }

        return null;
    }

    private KeyTrie? Child(char first)
    {
        foreach (var child in _children)
        {
            if (child._label[0] == first)
            {
                return child;
            }
        }

        return null;
    }

    private void Add(ReadOnlySpan<char> text, bool isPrefix, RbacPolicy policy)
    {
        var node = this;
        while (!text.IsEmpty)
        {
            if (node.Child(text[0]) is not { } child)
            {
                child = new KeyTrie(text.ToString());
                node._children.Add(child);
            }

            var common = text.CommonPrefixLength(child._label);
            if (common < child._label.Length)
            {
                child.SplitAt(common);
            }

            text = text[common..];
            node = child;
        }

        (isPrefix ? node._prefix : node._exact).Add(policy);
    }

    /// <summary>Moves all that is here one step down.</summary>
    private void SplitAt(int length)
    {
        var below = new KeyTrie(_label[length..]) { _children = _children };
        below._exact.AddRange(_exact);
        below._prefix.AddRange(_prefix);
        _exact.Clear();
        _prefix.Clear();
        _label = _label[..length];
        _children = [below];
    }
}
