namespace ProxylessMesh.Xds.Config;

/// <summary>The RBAC filter, in a chain or as the override of one.</summary>
/// <param name="Name">Of the instance.</param>
/// <param name="Rules">What is enforced; null: nothing.</param>
/// <param name="ShadowRules">What is only evaluated and logged; null: nothing.</param>
internal sealed record RbacFilterConfig(string Name, RbacRulesConfig? Rules, RbacRulesConfig? ShadowRules) : HttpFilterConfig(Name)
{
    /// <summary>Prefix of the keys under which the shadow rules' result is left in the request's metadata.</summary>
    public string ShadowPrefix { get; init; } = "";
}
