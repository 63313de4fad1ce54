using Envoy.Config.Rbac.V3;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Authorization;

/// <summary>The rules of one action of a workload's policies: what is enforced, and what dry runs only note.</summary>
/// <param name="Enforced">Null: no policy.</param>
/// <param name="Shadow">Null: no policy in dry run.</param>
/// <param name="ShadowPrefix">Of the names under which the shadow's results are counted; Istio's.</param>
internal sealed record ActionRules(RBAC? Enforced, RBAC? Shadow, string ShadowPrefix)
{
    /// <summary>Null: nothing says anything.</summary>
    public static ActionRules? Of(
        RbacRulesBuilder rules, IReadOnlyList<AuthorizationPolicy> policies, AuthorizationAction action, bool withShadow)
    {
        var (meaning, prefix) = action switch
        {
            AuthorizationAction.Audit => (RBAC.Types.Action.Log, ""),
            AuthorizationAction.Allow => (RBAC.Types.Action.Allow, "istio_dry_run_allow_"),
            _ => (RBAC.Types.Action.Deny, "istio_dry_run_deny_"),
        };
        var enforced = rules.Build(policies.Where(p => p.Action == action && !p.DryRun), meaning);
        var shadow = withShadow ? rules.Build(policies.Where(p => p.Action == action && p.DryRun), meaning) : null;
        return enforced is null && shadow is null ? null : new ActionRules(enforced, shadow, shadow is null ? "" : prefix);
    }
}
