using Envoy.Extensions.Filters.Http.Rbac.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Authorization;

/// <summary>
/// The RBAC filter (gRFC A41). What it does not know is an error, unknown fields too: a rule that is read in part could let
/// somebody in.
/// </summary>
internal static class RbacFilterDecoder
{
    public static RbacFilterConfig? Decode(HttpFilter filter, DecodeContext context)
    {
        var rbac = TypedConfig.Unpack(filter.TypedConfig, TypeNames.Rbac, RBAC.Parser, "typed_config", context);
        using (context.Enter("typed_config"))
        {
            return rbac is null ? null
                : filter.Disabled ? new RbacFilterConfig(filter.Name, null, null)
                : Decode(filter.Name, rbac, context);
        }
    }

    /// <summary>Of a filter instance, in the chain or in an override.</summary>
    public static RbacFilterConfig Decode(string name, RBAC rbac, DecodeContext context)
    {
        UnknownFields.Refuse(rbac, RBAC.Parser, context);
        context.Refuse(rbac.Matcher is not null, "matcher");
        context.Refuse(rbac.ShadowMatcher is not null, "shadow_matcher");
        return new RbacFilterConfig(name, RbacRulesDecoder.Decode(rbac.Rules, "rules", context), RbacRulesDecoder.Decode(rbac.ShadowRules, "shadow_rules", context))
        {
            ShadowPrefix = rbac.ShadowRulesStatPrefix,
        };
    }
}
