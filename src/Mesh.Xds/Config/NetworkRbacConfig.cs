namespace ProxylessMesh.Xds.Config;

/// <summary>The RBAC filter of a chain whose connections carry no requests.</summary>
/// <param name="Name">Of the instance.</param>
/// <param name="Rules">What is enforced; null: nothing.</param>
/// <param name="ShadowRules">What is only evaluated and logged; null: nothing.</param>
internal sealed record NetworkRbacConfig(string Name, RbacRulesConfig? Rules, RbacRulesConfig? ShadowRules);
