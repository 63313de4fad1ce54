namespace ProxylessMesh.Xds.Config;

/// <summary>One engine: ALLOW lets through what a policy matches, DENY what none matches (rbac.proto, RBAC.action; gRFC A41).</summary>
/// <param name="Action">What a match means.</param>
/// <param name="Policies">In the order of their names.</param>
internal sealed record RbacRulesConfig(RbacAction Action, EquatableArray<RbacPolicyConfig> Policies);
