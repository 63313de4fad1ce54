namespace ProxylessMesh.Xds.Config;

/// <summary>A new path; the query string stays. One of the two is set.</summary>
/// <param name="Prefix">Replaces what the route's match found: its prefix, or the whole path of any other match.</param>
/// <param name="Regex">Replaces parts.</param>
internal sealed record PathRewriteConfig(string? Prefix, RegexRewriteConfig? Regex);
