namespace ProxylessMesh.Xds.Config;

/// <summary>A StringMatcher. <paramref name="IgnoreCase"/> has no effect on regular expressions.</summary>
internal sealed record StringMatchConfig(StringMatchKind Kind, string Value, bool IgnoreCase = false);
