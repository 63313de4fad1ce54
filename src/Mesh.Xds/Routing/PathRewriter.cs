using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Routing;

/// <summary>A compiled <see cref="PathRewriteConfig"/> of a route.</summary>
internal sealed class PathRewriter
{
    private readonly string _replacement;
    private readonly int _matched;
    private readonly RegexRewriter? _regex;

    public PathRewriter(PathRewriteConfig config, PathMatchConfig match)
    {
        _replacement = config.Prefix ?? "";
        _regex = config.Regex is { } regex ? RegexRewriter.Create(regex) : null;

        // route_components.proto, prefix_rewrite: a prefix is swapped; of any other match the whole path is.
        _matched = match.Kind is PathMatchKind.Prefix or PathMatchKind.SegmentPrefix ? match.Value.Length : int.MaxValue;
    }

    /// <summary>The new path of one that the route matched, without its query string.</summary>
    public string Rewrite(string path)
    {
        var rewritten = _regex is { } regex
            ? regex.Rewrite(path)
            : string.Concat(_replacement, path.AsSpan(Math.Min(_matched, path.Length)));

        // A path that begins otherwise would reach into the authority when it is put behind one.
        return rewritten.StartsWith('/') ? rewritten : "/" + rewritten;
    }
}
