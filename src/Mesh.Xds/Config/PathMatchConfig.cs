namespace ProxylessMesh.Xds.Config;

/// <summary>How the path, without its query string, is compared. <paramref name="CaseSensitive"/> is ignored for regular expressions.</summary>
internal sealed record PathMatchConfig(PathMatchKind Kind, string Value, bool CaseSensitive = true);
