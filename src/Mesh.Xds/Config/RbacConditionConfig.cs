namespace ProxylessMesh.Xds.Config;

/// <summary>A permission or a principal of RBAC; the same questions can be asked in both.</summary>
internal abstract record RbacConditionConfig;
