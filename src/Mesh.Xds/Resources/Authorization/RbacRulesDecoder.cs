using Envoy.Config.Rbac.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Authorization;

/// <summary>RBAC of config.rbac.v3: an action and its policies.</summary>
internal static class RbacRulesDecoder
{
    public static RbacRulesConfig? Decode(RBAC? rules, string field, DecodeContext context)
    {
        if (rules is null)
        {
            return null;
        }

        using (context.Enter(field))
        {
            RefuseAuditLoggers(rules.AuditLoggingOptions, context);
            RbacAction? action = rules.Action switch
            {
                RBAC.Types.Action.Allow => RbacAction.Allow,
                RBAC.Types.Action.Deny => RbacAction.Deny,
                RBAC.Types.Action.Log => RbacAction.Log,
                _ => null,
            };
            if (action is null)
            {
                context.Error("action", "is not known");
                return null;
            }

            if (!RbacBounds.Hold(rules, context))
            {
                return null;
            }

            var policies = new List<RbacPolicyConfig>(rules.Policies.Count);
            foreach (var name in rules.Policies.Keys.Order(StringComparer.Ordinal))
            {
                using (context.Enter($"policies[{DecodeContext.Quote(name)}]"))
                {
                    policies.Add(Policy(name, rules.Policies[name], context));
                }
            }

            return new RbacRulesConfig(action.Value, policies.ToEquatableArray());
        }
    }

    private static RbacPolicyConfig Policy(string name, Policy policy, DecodeContext context)
    {
        // gRFC A41: a condition in CEL could only be guessed at.
        context.Refuse(policy.Condition is not null, "condition");
        context.Refuse(policy.CheckedCondition is not null, "checked_condition");
        context.Refuse(policy.CelConfig is not null, "cel_config");
        return new RbacPolicyConfig(
            name,
            PermissionDecoder.DecodeAll(policy.Permissions, "permissions", context),
            PrincipalDecoder.DecodeAll(policy.Principals, "principals", context));
    }

    /// <summary>gRFC A59: a logger that is not optional and not known is an error.</summary>
    private static void RefuseAuditLoggers(RBAC.Types.AuditLoggingOptions? options, DecodeContext context)
    {
        for (var i = 0; i < options?.LoggerConfigs.Count; i++)
        {
            using (context.Enter("audit_logging_options"))
            using (context.Enter("logger_configs", i))
            {
                context.Refuse(!options.LoggerConfigs[i].IsOptional, "audit_logger");
            }
        }
    }
}
