using Envoy.Config.Rbac.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using HttpRbac = Envoy.Extensions.Filters.Http.Rbac.V3.RBAC;

namespace ProxylessMesh.ControlPlane.Translation.Authorization;

/// <summary>
/// AuthorizationPolicies as RBAC filters, in Istio's order: AUDIT, DENY, ALLOW. Policies in dry run become shadow rules. gRPC
/// libraries get what Istio sends to them: DENY and ALLOW without shadow rules.
/// </summary>
internal static class AuthorizationFilters
{
    public const string Allow = "envoy.filters.http.rbac";
    public const string Deny = "envoy.filters.http.rbac.DENY";
    public const string Audit = "envoy.filters.http.rbac.AUDIT";

    public static IEnumerable<HttpFilter> Build(MeshModel model, ProxyView proxy)
    {
        var policies = model.Authorizations.Applying(proxy.Namespace, proxy.Labels);
        if (policies.Count == 0)
        {
            yield break;
        }

        var rules = new RbacRulesBuilder(model.Settings, proxy.Profile);
        if (proxy.Profile == ProxyProfile.Mesh && Filter(Audit, AuthorizationAction.Audit, RBAC.Types.Action.Log, "") is { } audit)
        {
            yield return audit;
        }

        if (Filter(Deny, AuthorizationAction.Deny, RBAC.Types.Action.Deny, "istio_dry_run_deny_") is { } deny)
        {
            yield return deny;
        }

        if (Filter(Allow, AuthorizationAction.Allow, RBAC.Types.Action.Allow, "istio_dry_run_allow_") is { } allow)
        {
            yield return allow;
        }

        HttpFilter? Filter(string name, AuthorizationAction action, RBAC.Types.Action meaning, string prefix)
        {
            var enforced = rules.Build(policies.Where(p => p.Action == action && !p.DryRun), meaning);
            var shadow = proxy.Profile == ProxyProfile.Mesh ? rules.Build(policies.Where(p => p.Action == action && p.DryRun), meaning) : null;
            return enforced is null && shadow is null ? null : new HttpFilter
            {
                Name = name,
                TypedConfig = Any.Pack(new HttpRbac { Rules = enforced, ShadowRules = shadow, ShadowRulesStatPrefix = shadow is null ? "" : prefix }),
            };
        }
    }
}
