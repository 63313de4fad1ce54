namespace ProxylessMesh.Xds.Config;

/// <summary>What becomes of a request's path before anything looks at it (Envoy, HttpConnectionManager).</summary>
/// <param name="Normalize">normalize_path: unreserved characters are unescaped, backslashes become slashes, dot segments go (RFC 3986, section 6.2.2).</param>
/// <param name="MergeSlashes">merge_slashes: several slashes in a row are one.</param>
/// <param name="EscapedSlashes">path_with_escaped_slashes_action.</param>
internal readonly record struct PathNormalizationConfig(bool Normalize, bool MergeSlashes, EscapedSlashes EscapedSlashes);
