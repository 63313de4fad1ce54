using Envoy.Config.Rbac.V3;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Translation.Authorization;

/// <summary>
/// One rule: any operation and any source, and all conditions with both. Conditions about where a request arrives are
/// permissions, those about who sends it principals, as in Istio.
/// </summary>
internal static class RuleBuilder
{
    /// <summary>
    /// Null: the rule can match nothing for this workload's library. One of connections is left out whole, as Istio does, when any part
    /// of it speaks of requests.
    /// </summary>
    public static Policy? Build(AuthorizationRule rule, RuleContext context)
    {
        var policy = new Policy();
        foreach (var operation in OrOne(rule.To))
        {
            var all = new ClauseList<Permission>(context);
            OperationClauses.Add(all, operation);
            foreach (var condition in rule.When)
            {
                ConditionClauses.AddPermissions(all, condition);
            }

            if (all.IsImpossible && context.IsTcp)
            {
                return null;
            }

            if (!all.IsImpossible)
            {
                policy.Permissions.Add(Combine(all.Items));
            }
        }

        foreach (var source in OrOne(rule.From))
        {
            var all = new ClauseList<Principal>(context);
            SourceClauses.Add(all, source);
            foreach (var condition in rule.When)
            {
                ConditionClauses.AddPrincipals(all, condition);
            }

            if (all.IsImpossible && context.IsTcp)
            {
                return null;
            }

            if (!all.IsImpossible)
            {
                policy.Principals.Add(Combine(all.Items));
            }
        }

        return policy.Permissions.Count == 0 || policy.Principals.Count == 0 ? null : policy;
    }

    private static EquatableArray<T> OrOne<T>(EquatableArray<T> items)
        where T : new() => items.Count == 0 ? [new T()] : items;

    private static Permission Combine(List<Permission> items) => items.Count == 0
        ? new Permission { Any = true }
        : new Permission { AndRules = new Permission.Types.Set { Rules = { items } } };

    private static Principal Combine(List<Principal> items) => items.Count == 0
        ? new Principal { Any = true }
        : new Principal { AndIds = new Principal.Types.Set { Ids = { items } } };
}
