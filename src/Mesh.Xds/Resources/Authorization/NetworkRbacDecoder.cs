using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Network.Rbac.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Authorization;

/// <summary>
/// The RBAC filter of connections. A rule that looks at a request is an error: there is none to look at, and its negation would let
/// everybody in. Both kinds of enforcement_type come to the same, because a connection is judged before its first byte and again
/// when the rules change.
/// </summary>
internal static class NetworkRbacDecoder
{
    public static NetworkRbacConfig? Decode(Filter filter, DecodeContext context)
    {
        var rbac = TypedConfig.Unpack(filter.TypedConfig, TypeNames.NetworkRbac, RBAC.Parser, "typed_config", context);
        if (rbac is null)
        {
            return null;
        }

        using (context.Enter("typed_config"))
        {
            UnknownFields.Refuse(rbac, RBAC.Parser, context);
            context.Refuse(rbac.Matcher is not null, "matcher");
            context.Refuse(rbac.ShadowMatcher is not null, "shadow_matcher");
            context.Refuse(rbac.DelayDeny is not null, "delay_deny");
            context.Refuse(rbac.EnforcementType is not (RBAC.Types.EnforcementType.OneTimeOnFirstByte or RBAC.Types.EnforcementType.Continuous), "enforcement_type");
            return new NetworkRbacConfig(filter.Name, Rules(rbac.Rules, "rules", context), Rules(rbac.ShadowRules, "shadow_rules", context));
        }
    }

    private static RbacRulesConfig? Rules(Envoy.Config.Rbac.V3.RBAC? message, string field, DecodeContext context)
    {
        var rules = RbacRulesDecoder.Decode(message, field, context);
        foreach (var policy in rules?.Policies ?? [])
        {
            if (policy.Permissions.Any(LooksAtRequest) || policy.Principals.Any(LooksAtRequest))
            {
                using (context.Enter(field))
                {
                    context.Error($"policies[{DecodeContext.Quote(policy.Name)}]", "looks at a request, and a connection has none");
                }
            }
        }

        return rules;
    }

    private static bool LooksAtRequest(RbacConditionConfig condition) => condition switch
    {
        RbacAllOfConfig all => all.Items.Any(LooksAtRequest),
        RbacAnyOfConfig any => any.Items.Any(LooksAtRequest),
        RbacNotConfig not => LooksAtRequest(not.Item),
        RbacHeaderConfig or RbacPathConfig or RbacPathTemplateConfig or RbacMetadataConfig => true,
        _ => false,
    };
}
