using Envoy.Config.Rbac.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Translation.Authorization;
using HttpRbac = Envoy.Extensions.Filters.Http.Rbac.V3.RBAC;

namespace ProxylessMesh.ControlPlane.Translation.ExternalAuthorization;

/// <summary>
/// CUSTOM policies in Istio's way: the shadow rules of an RBAC filter find out whether a request is to be checked, and the ext_authz
/// filter behind it asks for their result. Where the provider is not known, and for gRPC
/// libraries, which can ask nobody, what should be checked is refused.
/// </summary>
internal static class ExternalAuthorizationFilters
{
    public const string Name = "envoy.filters.http.ext_authz";

    private const string PolicyPrefix = "istio-ext-authz-";

    public static IEnumerable<HttpFilter> Build(MeshModel model, ProxyView proxy)
    {
        var custom = model.Authorizations.Applying(proxy.Namespace, proxy.Labels).Where(p => p.Action == AuthorizationAction.Custom);
        var rules = new RbacRulesBuilder(model.Settings, proxy.Profile);
        foreach (var policies in custom.GroupBy(p => p.Provider!, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var name = $"{AuthorizationFilters.Allow}.CUSTOM.{policies.Key}";
            if (proxy.Profile != ProxyProfile.Mesh || model.AuthorizationProviders.Find(policies.Key) is not { } provider)
            {
                yield return new HttpFilter { Name = name, TypedConfig = Any.Pack(new HttpRbac { Rules = rules.Build(policies, RBAC.Types.Action.Deny) }) };
                continue;
            }

            var prefix = $"istio_ext_authz_{policies.Key}_";
            var shadow = new HttpRbac { ShadowRules = Named(rules.Build(policies, RBAC.Types.Action.Log)!), ShadowRulesStatPrefix = prefix };
            yield return new HttpFilter { Name = name, TypedConfig = Any.Pack(shadow) };
            yield return new HttpFilter
            {
                Name = $"{Name}.{policies.Key}",
                TypedConfig = Any.Pack(ExternalAuthorizationBuilder.Build(provider, $"{prefix}shadow_effective_policy_id", PolicyPrefix)),
            };
        }
    }

    private static RBAC Named(RBAC rules)
    {
        var named = new RBAC { Action = rules.Action };
        foreach (var (name, policy) in rules.Policies)
        {
            named.Policies[PolicyPrefix + name] = policy;
        }

        return named;
    }
}
