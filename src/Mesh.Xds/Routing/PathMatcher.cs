using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Routing;

/// <summary>A compiled <see cref="PathMatchConfig"/>.</summary>
internal sealed class PathMatcher
{
    private readonly PathMatchKind _kind;
    private readonly string _value;
    private readonly StringComparison _comparison;
    private readonly LinearRegex? _regex;

    public PathMatcher(PathMatchConfig config)
    {
        _kind = config.Kind;
        _value = config.Value;
        _comparison = config.CaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        _regex = config.Kind == PathMatchKind.Regex ? LinearRegex.Create(config.Value) : null;
    }

    public bool Matches(ReadOnlySpan<char> path) => _kind switch
    {
        PathMatchKind.Exact => path.Equals(_value, _comparison),
        PathMatchKind.Prefix => path.StartsWith(_value, _comparison),

        // route_components.proto, path_separated_prefix: "/a" takes "/a" and "/a/b", but not "/ab".
        PathMatchKind.SegmentPrefix => path.StartsWith(_value, _comparison)
            && (path.Length == _value.Length || path[_value.Length] == '/'),
        _ => _regex!.IsMatch(path),
    };
}
