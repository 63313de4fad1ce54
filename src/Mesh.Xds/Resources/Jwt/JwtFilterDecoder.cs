using Envoy.Extensions.Filters.Http.JwtAuthn.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Routes;

namespace ProxylessMesh.Xds.Resources.Jwt;

/// <summary>JwtAuthentication (Envoy, jwt_authn). stat_prefix only names counters.</summary>
internal static class JwtFilterDecoder
{
    private const int MaxRules = 1000;

    public static HttpFilterConfig Decode(HttpFilter filter, DecodeContext context)
    {
        var message = TypedConfig.Unpack(filter.TypedConfig, TypeNames.JwtAuthentication, JwtAuthentication.Parser, "typed_config", context);
        using (context.Enter("typed_config"))
        {
            var config = message is null ? null : Decode(filter.Name, message, context);

            // Disabled: it is there for routes to switch on, and no route of an inbound listener can.
            return config is null || filter.Disabled ? new JwtFilterConfig(filter.Name) : config;
        }
    }

    private static JwtFilterConfig Decode(string name, JwtAuthentication message, DecodeContext context)
    {
        context.Refuse(message.FilterStateRules is not null, "filter_state_rules");
        var providers = new List<JwtProviderConfig>(message.Providers.Count);
        foreach (var (key, provider) in message.Providers.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            using (context.Enter($"providers[{DecodeContext.Quote(key)}]"))
            {
                if (JwtProviderDecoder.Decode(key, provider, context) is { } decoded)
                {
                    providers.Add(decoded);
                }
            }
        }

        return new JwtFilterConfig(name)
        {
            Providers = providers.ToEquatableArray(),
            Rules = Rules(message, context),
            Named = Named(message, context),
            BypassCorsPreflight = message.BypassCorsPreflight,
            StripFailureResponse = message.StripFailureResponse,
        };
    }

    private static EquatableArray<JwtRuleConfig> Rules(JwtAuthentication message, DecodeContext context)
    {
        var rules = new List<JwtRuleConfig>();
        if (message.Rules.Count > MaxRules)
        {
            context.Error("rules", $"are more than {MaxRules}");
            return rules.ToEquatableArray();
        }

        for (var i = 0; i < message.Rules.Count; i++)
        {
            using (context.Enter("rules", i))
            {
                var rule = message.Rules[i];
                var path = Path(rule, context);
                var requirement = Requirement(rule, message, context);
                if (path is not null)
                {
                    rules.Add(new JwtRuleConfig(path, requirement));
                }
            }
        }

        return rules.ToEquatableArray();
    }

    private static EquatableArray<JwtNamedRequirementConfig> Named(JwtAuthentication message, DecodeContext context)
    {
        var named = new List<JwtNamedRequirementConfig>(message.RequirementMap.Count);
        foreach (var (name, requirement) in message.RequirementMap.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            using (context.Enter($"requirement_map[{DecodeContext.Quote(name)}]"))
            {
                named.Add(new JwtNamedRequirementConfig(name, JwtRequirementDecoder.Decode(requirement, message.Providers.ContainsKey, context)));
            }
        }

        return named.ToEquatableArray();
    }

    private static PathMatchConfig? Path(RequirementRule rule, DecodeContext context)
    {
        var match = RouteMatchDecoder.Decode(rule.Match, context);
        context.Refuse(match?.Headers.Count > 0, "match.headers");
        context.Refuse(match?.Query.Count > 0, "match.query_parameters");
        context.Refuse(match?.RuntimeFractionPerMillion is not null, "match.runtime_fraction");
        return match?.Path;
    }

    private static JwtRequirementConfig? Requirement(RequirementRule rule, JwtAuthentication message, DecodeContext context)
    {
        switch (rule.RequirementTypeCase)
        {
            case RequirementRule.RequirementTypeOneofCase.Requires:
                using (context.Enter("requires"))
                {
                    return JwtRequirementDecoder.Decode(rule.Requires, message.Providers.ContainsKey, context);
                }

            case RequirementRule.RequirementTypeOneofCase.RequirementName:
                using (context.Enter("requirement_name"))
                {
                    if (message.RequirementMap.TryGetValue(rule.RequirementName, out var named))
                    {
                        return JwtRequirementDecoder.Decode(named, message.Providers.ContainsKey, context);
                    }

                    context.Error($"{DecodeContext.Quote(rule.RequirementName)} is not in requirement_map");
                    return null;
                }

            default:
                return null;
        }
    }
}
