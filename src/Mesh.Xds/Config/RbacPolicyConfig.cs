namespace ProxylessMesh.Xds.Config;

/// <summary>Matches a request that a permission and a principal match.</summary>
internal sealed record RbacPolicyConfig(
    string Name,
    EquatableArray<RbacConditionConfig> Permissions,
    EquatableArray<RbacConditionConfig> Principals);
