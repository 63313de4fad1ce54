namespace ProxylessMesh.Xds.Routing;

/// <summary>
/// Domains with a wildcard at one end, longest first. Asks one hash table per distinct length, so the cost does not grow
/// with the number of domains.
/// </summary>
internal sealed class WildcardDomains<T>
    where T : class
{
    private readonly Dictionary<string, T>.AlternateLookup<ReadOnlySpan<char>> _byPart;
    private readonly int[] _lengths;
    private readonly bool _atEnd;

    /// <param name="byPart">What stands beside the wildcard, compared without regard to case.</param>
    /// <param name="atEnd">The part ends the host (<c>*.example.com</c>), or begins it (<c>api.*</c>).</param>
    public WildcardDomains(Dictionary<string, T> byPart, bool atEnd)
    {
        var lengths = new SortedSet<int>();
        foreach (var part in byPart.Keys)
        {
            lengths.Add(-part.Length);
        }

        _lengths = new int[lengths.Count];
        var next = 0;
        foreach (var length in lengths)
        {
            _lengths[next++] = -length;
        }

        _byPart = byPart.GetAlternateLookup<ReadOnlySpan<char>>();
        _atEnd = atEnd;
    }

    public T? Find(ReadOnlySpan<char> authority)
    {
        foreach (var length in _lengths)
        {
            // The wildcard stands for at least one character (route_components.proto, VirtualHost.domains).
            if (length < authority.Length
                && _byPart.TryGetValue(_atEnd ? authority[^length..] : authority[..length], out var found))
            {
                return found;
            }
        }

        return null;
    }
}
