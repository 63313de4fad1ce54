using Envoy.Config.Listener.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using NetworkRbac = Envoy.Extensions.Filters.Network.Rbac.V3.RBAC;
using Rules = Envoy.Config.Rbac.V3.RBAC;

namespace ProxylessMesh.ControlPlane.Translation.Authorization;

/// <summary>
/// AuthorizationPolicies as network RBAC filters, for connections that carry no requests (istio.io, "TCP Traffic"): CUSTOM, AUDIT,
/// DENY, ALLOW. Rules of an ALLOW policy that speak of requests are left out; what others say of requests is, so that they match
/// more. Nobody can be asked about a connection, so what a CUSTOM policy should decide about is refused.
/// </summary>
internal static class NetworkAuthorizationFilters
{
    private const string Name = "envoy.filters.network.rbac";

    /// <summary>As Istio has it.</summary>
    private const string StatPrefix = "tcp.";

    private static readonly AuthorizationAction[] s_inOrder = [AuthorizationAction.Audit, AuthorizationAction.Deny, AuthorizationAction.Allow];

    public static IEnumerable<Filter> Build(MeshModel model, ProxyView proxy)
    {
        var policies = model.Authorizations.Applying(proxy.Namespace, proxy.Labels);
        var rules = new RbacRulesBuilder(model.Settings, proxy.Profile, isTcp: true);
        if (rules.Build(policies.Where(p => p.Action == AuthorizationAction.Custom), Rules.Types.Action.Deny) is { } custom)
        {
            yield return Filter(new NetworkRbac { Rules = custom });
        }

        foreach (var action in s_inOrder)
        {
            if (ActionRules.Of(rules, policies, action, withShadow: true) is { } built)
            {
                yield return Filter(new NetworkRbac { Rules = built.Enforced, ShadowRules = built.Shadow, ShadowRulesStatPrefix = built.ShadowPrefix });
            }
        }
    }

    private static Filter Filter(NetworkRbac rbac)
    {
        rbac.StatPrefix = StatPrefix;
        return new Filter { Name = Name, TypedConfig = Any.Pack(rbac) };
    }
}
