using System.Text;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Routing;

/// <summary>
/// Finds, for a path, the few routes of a virtual host that may match it. It only leaves out routes whose matchers would say
/// no, and tells the others in their order, so the first match stays the first (route_components.proto, VirtualHost.routes).
/// </summary>
internal sealed class RouteIndex
{
    /// <summary>Fewer routes are faster asked one after the other.</summary>
    private const int MinRoutes = 16;

    private readonly PathLookup? _paths;
    private readonly PathLookup? _pathsInAnyCase;
    private readonly int[]? _unindexed;
    private readonly bool[] _decided;

    private RouteIndex(PathLookup? paths, PathLookup? pathsInAnyCase, int[]? unindexed, bool[] decided)
    {
        _decided = decided;
        _paths = paths;
        _pathsInAnyCase = pathsInAnyCase;
        _unindexed = unindexed;
    }

    /// <summary>Null when a scan does as well.</summary>
    public static RouteIndex? Build(EquatableArray<RouteEntryConfig> routes)
    {
        if (routes.Count < MinRoutes)
        {
            return null;
        }

        var paths = new List<IndexedPath>();
        var pathsInAnyCase = new List<IndexedPath>();
        var unindexed = new List<int>();
        var decided = new bool[routes.Count];
        for (var i = 0; i < routes.Count; i++)
        {
            var match = routes[i].Match.Path;
            decided[i] = match.Kind != PathMatchKind.Regex;
            if (match.CaseSensitive || match.Kind == PathMatchKind.Regex)
            {
                paths.AddRange(IndexedPath.Of(i, match));
            }
            else if (Ascii.IsValid(match.Value))
            {
                pathsInAnyCase.AddRange(IndexedPath.Of(i, match));
            }
            else
            {
                unindexed.Add(i);
            }
        }

        var ordinal = PathLookup.Build(paths, ignoreCase: false, unindexed);
        var anyCase = PathLookup.Build(pathsInAnyCase, ignoreCase: true, unindexed);
        unindexed.Sort();
        foreach (var route in unindexed)
        {
            decided[route] = false;
        }

        return new RouteIndex(ordinal, anyCase, unindexed.Count == 0 ? null : [.. unindexed], decided);
    }

    /// <summary>Whether the path of every request that the route is found for is one that it takes.</summary>
    public bool DecidesPathOf(int route) => _decided[route];

    /// <summary>False for the rare path whose case cannot be folded here: every route is to be asked.</summary>
    public bool TryFind(ReadOnlySpan<char> path, ref RouteCandidates candidates)
    {
        _paths?.Find(path, ref candidates);
        candidates.Add(_unindexed);
        if (_pathsInAnyCase is null)
        {
            return true;
        }

        // Letters beyond ASCII have case rules that depend on more than the letter.
        if (!Ascii.IsValid(path))
        {
            return false;
        }

        _pathsInAnyCase.Find(path, ref candidates);
        return true;
    }
}
