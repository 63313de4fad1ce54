namespace ProxylessMesh.Xds.Config;

/// <summary>url_path: the path without its query string.</summary>
internal sealed record RbacPathConfig(StringMatchConfig Path) : RbacConditionConfig;
