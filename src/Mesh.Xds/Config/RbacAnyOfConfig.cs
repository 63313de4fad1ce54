namespace ProxylessMesh.Xds.Config;

/// <summary>or_rules, or_ids.</summary>
internal sealed record RbacAnyOfConfig(EquatableArray<RbacConditionConfig> Items) : RbacConditionConfig;
