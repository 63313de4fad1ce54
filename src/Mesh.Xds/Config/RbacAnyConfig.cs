namespace ProxylessMesh.Xds.Config;

/// <summary>Always true.</summary>
internal sealed record RbacAnyConfig : RbacConditionConfig;
