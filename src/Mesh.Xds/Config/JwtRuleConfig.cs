namespace ProxylessMesh.Xds.Config;

/// <summary>What requests of a path need; null: nothing.</summary>
internal sealed record JwtRuleConfig(PathMatchConfig Path, JwtRequirementConfig? Requirement);
