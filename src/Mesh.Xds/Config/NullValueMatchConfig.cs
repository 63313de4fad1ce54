namespace ProxylessMesh.Xds.Config;

/// <summary>null_match: there is a value, and it is null.</summary>
internal sealed record NullValueMatchConfig : ValueMatchConfig;
