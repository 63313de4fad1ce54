using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Routing;

/// <summary>
/// What the path of a request must be, or begin with, for a route to match. Only of a regular expression is that not the whole truth:
/// there the route's own matcher decides.
/// </summary>
internal readonly record struct IndexedPath(int Route, string Text, bool IsWhole)
{
    public static IEnumerable<IndexedPath> Of(int route, PathMatchConfig path) => path.Kind switch
    {
        PathMatchKind.Exact => [new(route, path.Value, IsWhole: true)],
        PathMatchKind.Prefix => [new(route, path.Value, IsWhole: false)],

        // route_components.proto, path_separated_prefix: "/a" takes "/a" and "/a/b", but not "/ab".
        PathMatchKind.SegmentPrefix => [new(route, path.Value, IsWhole: true), new(route, path.Value + "/", IsWhole: false)],
        _ => [new(route, LiteralStart(path.Value), IsWhole: false)],
    };

    /// <summary>The text that every match of an expression begins with. Rather too short than too long: "" is always right.</summary>
    private static string LiteralStart(string pattern)
    {
        if (pattern.Contains('|', StringComparison.Ordinal))
        {
            return "";
        }

        var length = 0;
        while (length < pattern.Length && (char.IsAsciiLetterOrDigit(pattern[length]) || pattern[length] is '/' or '_' or '-'))
        {
            length++;
        }

        // What a repetition follows may be absent.
        var last = length < pattern.Length && pattern[length] is '*' or '?' or '{' or '+' ? 1 : 0;
        return pattern[..Math.Max(0, length - last)];
    }
}
