namespace ProxylessMesh.Xds.Config;

/// <summary>RouteMatch.path_specifier.</summary>
internal enum PathMatchKind
{
    Exact,
    Prefix,

    /// <summary>The prefix, or the prefix followed by a slash (Gateway API's PathPrefix).</summary>
    SegmentPrefix,

    /// <summary>RE2, whole path.</summary>
    Regex,
}
