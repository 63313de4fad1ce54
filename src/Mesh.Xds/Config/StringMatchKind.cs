namespace ProxylessMesh.Xds.Config;

/// <summary>StringMatcher.match_pattern.</summary>
internal enum StringMatchKind
{
    Exact,
    Prefix,
    Suffix,
    Contains,

    /// <summary>RE2, whole value.</summary>
    Regex,
}
