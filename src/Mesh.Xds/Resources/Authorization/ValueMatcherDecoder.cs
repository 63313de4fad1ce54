using Envoy.Type.Matcher.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Matching;
using Kind = Envoy.Type.Matcher.V3.ValueMatcher.MatchPatternOneofCase;

namespace ProxylessMesh.Xds.Resources.Authorization;

/// <summary>ValueMatcher (value.proto).</summary>
internal static class ValueMatcherDecoder
{
    public static ValueMatchConfig? Decode(ValueMatcher? matcher, string field, DecodeContext context)
    {
        using (context.Enter(field))
        {
            switch (matcher?.MatchPatternCase ?? Kind.None)
            {
                case Kind.NullMatch:
                    return new NullValueMatchConfig();
                case Kind.DoubleMatch:
                    return Number(matcher!.DoubleMatch, context);
                case Kind.StringMatch:
                    return StringMatcherDecoder.Decode(matcher!.StringMatch, "string_match", context) is { } text ? new StringValueMatchConfig(text) : null;
                case Kind.BoolMatch:
                    return new BoolValueMatchConfig(matcher!.BoolMatch);
                case Kind.PresentMatch:
                    return new PresentValueMatchConfig(matcher!.PresentMatch);
                case Kind.ListMatch:
                    return Decode(matcher!.ListMatch.OneOf, "list_match.one_of", context) is { } item ? new ListValueMatchConfig(item) : null;
                case Kind.OrMatch:
                    return AnyOf(matcher!.OrMatch, context);
                default:
                    context.Error("match_pattern is missing or of a kind that is not supported");
                    return null;
            }
        }
    }

    private static NumberValueMatchConfig? Number(DoubleMatcher matcher, DecodeContext context)
    {
        switch (matcher.MatchPatternCase)
        {
            case DoubleMatcher.MatchPatternOneofCase.Exact:
                return new NumberValueMatchConfig(matcher.Exact, 0, 0);
            case DoubleMatcher.MatchPatternOneofCase.Range:
                return new NumberValueMatchConfig(null, matcher.Range.Start, matcher.Range.End);
            default:
                context.Error("double_match", "match_pattern is missing");
                return null;
        }
    }

    private static AnyOfValueMatchConfig AnyOf(OrMatcher matcher, DecodeContext context)
    {
        // value.proto, OrMatcher: at least two.
        if (matcher.ValueMatchers.Count < 2)
        {
            context.Error("or_match.value_matchers", "must be at least 2");
        }

        var items = new List<ValueMatchConfig>(matcher.ValueMatchers.Count);
        foreach (var item in matcher.ValueMatchers)
        {
            if (Decode(item, "or_match.value_matchers", context) is { } decoded)
            {
                items.Add(decoded);
            }
        }

        return new AnyOfValueMatchConfig(items.ToEquatableArray());
    }
}
