using System.Globalization;
using Envoy.Config.Common.Matcher.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Matching;
using ProxylessMesh.Xds.Routing;
using Rule = Envoy.Config.Common.Matcher.V3.MatchPredicate.RuleOneofCase;

namespace ProxylessMesh.Xds.Resources.Clusters;

/// <summary>
/// HttpProtocolOptions.outlier_detection.error_matcher: which responses outlier detection counts as errors. Predicates over
/// <c>:status</c> alone, so that all that is left of them at run time is a set of codes.
/// </summary>
internal static class OutlierErrorsDecoder
{
    private const int MaxDepth = 16;

    public static StatusSet? Decode(MatchPredicate? matcher, DecodeContext context)
    {
        if (matcher is null)
        {
            return null;
        }

        using (context.Enter(HttpOptionsDecoder.Field))
        using (context.Enter("outlier_detection.error_matcher"))
        {
            return Compile(matcher, 0, context) is { } isError
                ? StatusSet.Where(status => isError(status.ToString(CultureInfo.InvariantCulture)))
                : null;
        }
    }

    private static Predicate<string>? Compile(MatchPredicate matcher, int depth, DecodeContext context)
    {
        if (depth == MaxDepth)
        {
            context.Error($"is nested more than {MaxDepth} deep");
            return null;
        }

        switch (matcher.RuleCase)
        {
            case Rule.OrMatch:
                return All(matcher.OrMatch, "or_match", depth, context) is { } any ? s => Array.Exists(any, m => m(s)) : null;
            case Rule.AndMatch:
                return All(matcher.AndMatch, "and_match", depth, context) is { } all ? s => Array.TrueForAll(all, m => m(s)) : null;
            case Rule.NotMatch:
                using (context.Enter("not_match"))
                {
                    return Compile(matcher.NotMatch, depth + 1, context) is { } not ? s => !not(s) : null;
                }

            case Rule.AnyMatch when matcher.AnyMatch:
                return static _ => true;
            case Rule.HttpResponseHeadersMatch:
                using (context.Enter("http_response_headers_match"))
                {
                    return Headers(matcher.HttpResponseHeadersMatch, context);
                }

            default:
                context.Error("rule is missing or of a kind that is not supported");
                return null;
        }
    }

    private static Predicate<string>[]? All(MatchPredicate.Types.MatchSet set, string field, int depth, DecodeContext context)
    {
        using (context.Enter(field))
        {
            var rules = new List<Predicate<string>>(set.Rules.Count);
            for (var i = 0; i < set.Rules.Count; i++)
            {
                using (context.Enter("rules", i))
                {
                    if (Compile(set.Rules[i], depth + 1, context) is { } rule)
                    {
                        rules.Add(rule);
                    }
                }
            }

            // The least that the message's own rules allow.
            if (set.Rules.Count < 2)
            {
                context.Error("rules", "must be two or more");
            }

            return rules.Count == set.Rules.Count ? [.. rules] : null;
        }
    }

    private static Predicate<string>? Headers(HttpHeadersMatch match, DecodeContext context)
    {
        var matchers = new List<HeaderMatcher>(match.Headers.Count);
        for (var i = 0; i < match.Headers.Count; i++)
        {
            using (context.Enter("headers", i))
            {
                if (HeaderMatcherDecoder.DecodeStatus(match.Headers[i], context) is { } config)
                {
                    matchers.Add(new HeaderMatcher(config));
                }
            }
        }

        return matchers.Count == match.Headers.Count ? status => matchers.TrueForAll(m => m.MatchesValue(status)) : null;
    }
}
