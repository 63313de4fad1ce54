using System.Runtime.CompilerServices;

namespace ProxylessMesh.Xds.Routing;

/// <summary>
/// The routes that may match a path, from several ordered lists, told in the order of the configuration: the first of them
/// that matches is the first of all.
/// </summary>
internal struct RouteCandidates
{
    /// <summary>Two tries, two tables of exact paths, and the routes that no index holds.</summary>
    private const int MaxLists = (2 * PathTrie.MaxNesting) + 3;

    private Lists _lists;
    private Positions _next;
    private int _count;

    /// <summary>Null: nothing to add.</summary>
    public void Add(int[]? ordered)
    {
        if (ordered is not null)
        {
            _lists[_count++] = ordered;
        }
    }

    /// <summary>The next route's index, or false when there is none.</summary>
    public bool TryNext(out int route)
    {
        route = int.MaxValue;
        var from = -1;
        for (var i = 0; i < _count; i++)
        {
            var list = _lists[i];
            var next = _next[i];
            if (next < list.Length && list[next] < route)
            {
                route = list[next];
                from = i;
            }
        }

        if (from < 0)
        {
            return false;
        }

        _next[from]++;
        return true;
    }

    [InlineArray(MaxLists)]
    private struct Lists
    {
        private int[] _first;
    }

    [InlineArray(MaxLists)]
    private struct Positions
    {
        private int _first;
    }
}
