using System.Globalization;
using Envoy.Config.Rbac.V3;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Authorization;

/// <summary>The rules of one action; each rule of each policy is one RBAC policy, named as Istio names it.</summary>
internal sealed class RbacRulesBuilder(MeshSettings settings, ProxyProfile profile, bool isTcp = false)
{
    /// <summary>Null when there is no policy. A policy without rules is there and matches nothing: an ALLOW of that kind refuses everything.</summary>
    public RBAC? Build(IEnumerable<AuthorizationPolicy> policies, RBAC.Types.Action action)
    {
        RBAC? rbac = null;
        foreach (var policy in policies)
        {
            rbac ??= new RBAC { Action = action };
            var context = new RuleContext(settings, profile, policy.Meta.Id.Namespace, Refuses: action != RBAC.Types.Action.Allow) { IsTcp = isTcp };
            for (var i = 0; i < policy.Rules.Count; i++)
            {
                if (RuleBuilder.Build(policy.Rules[i], context) is { } built)
                {
                    rbac.Policies[NameOf(policy, i)] = built;
                }
            }

            if (policy.Rules.Count == 0)
            {
                rbac.Policies[NameOf(policy, 0)] = Never();
            }
        }

        return rbac;
    }

    private static string NameOf(AuthorizationPolicy policy, int rule) =>
        string.Create(CultureInfo.InvariantCulture, $"ns[{policy.Meta.Id.Namespace}]-policy[{policy.Meta.Id.Name}]-rule[{rule}]");

    private static Policy Never() => new()
    {
        Permissions = { new Permission { NotRule = new Permission { Any = true } } },
        Principals = { new Principal { NotId = new Principal { Any = true } } },
    };
}
