namespace ProxylessMesh.Xds.Config;

/// <summary>and_rules, and_ids.</summary>
internal sealed record RbacAllOfConfig(EquatableArray<RbacConditionConfig> Items) : RbacConditionConfig;
