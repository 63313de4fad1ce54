namespace ProxylessMesh.Xds.Config;

/// <summary>string_match: a text.</summary>
internal sealed record StringValueMatchConfig(StringMatchConfig Text) : ValueMatchConfig;
