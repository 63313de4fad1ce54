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

    private static readonly (string Name, AuthorizationAction Action)[] s_inOrder =
        [(Audit, AuthorizationAction.Audit), (Deny, AuthorizationAction.Deny), (Allow, AuthorizationAction.Allow)];

    public static IEnumerable<HttpFilter> Build(MeshModel model, ProxyView proxy)
    {
        var policies = model.Authorizations.Applying(proxy.Namespace, proxy.Labels);
        if (policies.Count == 0)
        {
            yield break;
        }

        var rules = new RbacRulesBuilder(model.Settings, proxy.Profile);
        foreach (var (name, action) in s_inOrder)
        {
            if (proxy.Profile == ProxyProfile.Grpc && action == AuthorizationAction.Audit)
            {
                continue;
            }

            if (ActionRules.Of(rules, policies, action, withShadow: proxy.Profile == ProxyProfile.Mesh) is { } built)
            {
                yield return new HttpFilter
                {
                    Name = name,
                    TypedConfig = Any.Pack(new HttpRbac { Rules = built.Enforced, ShadowRules = built.Shadow, ShadowRulesStatPrefix = built.ShadowPrefix }),
                };
            }
        }
    }
}
