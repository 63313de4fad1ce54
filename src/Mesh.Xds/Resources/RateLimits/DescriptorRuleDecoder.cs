using Envoy.Config.Route.V3;
using Google.Protobuf.Collections;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.RateLimits;

/// <summary>rate_limits of a filter.</summary>
internal static class DescriptorRuleDecoder
{
    /// <summary>Entries of one descriptor: a bucket's name is made of all of them, for every request.</summary>
    public const int MaxActions = 10;

    private const int MaxRules = 1000;

    public static EquatableArray<DescriptorRuleConfig> Decode(RepeatedField<RateLimit> rules, DecodeContext context)
    {
        if (rules.Count > MaxRules)
        {
            context.Error("rate_limits", $"has {rules.Count} entries: at most {MaxRules}");
            return [];
        }

        var decoded = new List<DescriptorRuleConfig>(rules.Count);
        for (var i = 0; i < rules.Count; i++)
        {
            using (context.Enter("rate_limits", i))
            {
                decoded.Add(Decode(rules[i], context));
            }
        }

        return decoded.ToEquatableArray();
    }

    private static DescriptorRuleConfig Decode(RateLimit rule, DecodeContext context)
    {
        // The first two belong to rules of routes, which several filters share.
        context.Refuse(rule.Stage > 0, "stage");
        context.Refuse(rule.DisableKey.Length > 0, "disable_key");
        context.Refuse(rule.Limit is not null, "limit");
        context.Refuse(rule.ApplyOnStreamDone, "apply_on_stream_done");
        context.Refuse(rule.XRatelimitOption != RateLimit.Types.XRateLimitOption.Unspecified, "x_ratelimit_option");
        context.Refuse(rule.HitsAddend?.Format.Length > 0, "hits_addend.format");
        var hits = rule.HitsAddend?.Number ?? 1;
        if (hits is 0 or > 1_000_000_000)
        {
            context.Error("hits_addend.number", "must be 1 to 1000000000");
        }

        if (rule.Actions.Count is 0 or > MaxActions)
        {
            context.Error("actions", $"must have 1 to {MaxActions} entries");
        }

        var actions = new List<DescriptorActionConfig>();
        foreach (var (i, action) in rule.Actions.Take(MaxActions).Index())
        {
            using (context.Enter("actions", i))
            {
                if (DescriptorActionDecoder.Decode(action, context) is { } decoded)
                {
                    actions.Add(decoded);
                }
            }
        }

        return new DescriptorRuleConfig(actions.ToEquatableArray()) { Hits = (uint)Math.Min(hits, uint.MaxValue) };
    }
}
