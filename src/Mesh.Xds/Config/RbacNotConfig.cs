namespace ProxylessMesh.Xds.Config;

/// <summary>not_rule, not_id.</summary>
internal sealed record RbacNotConfig(RbacConditionConfig Item) : RbacConditionConfig;
