using ProxylessMesh.Xds.Config;
using Proto = Envoy.Type.Matcher.V3.StringMatcher;

namespace ProxylessMesh.Xds.Resources.Matching;

/// <summary>StringMatcher (string.proto; gRFC A63).</summary>
internal static class StringMatcherDecoder
{
    public static StringMatchConfig? Decode(Proto? matcher, string field, DecodeContext context)
    {
        using (context.Enter(field))
        {
            return Decode(matcher, context);
        }
    }

    public static StringMatchConfig? Decode(Proto? matcher, DecodeContext context) => matcher?.MatchPatternCase switch
    {
        Proto.MatchPatternOneofCase.Exact => new(StringMatchKind.Exact, matcher.Exact, matcher.IgnoreCase),
        Proto.MatchPatternOneofCase.Prefix => Part(StringMatchKind.Prefix, matcher.Prefix, "prefix", matcher.IgnoreCase, context),
        Proto.MatchPatternOneofCase.Suffix => Part(StringMatchKind.Suffix, matcher.Suffix, "suffix", matcher.IgnoreCase, context),
        Proto.MatchPatternOneofCase.Contains => Part(StringMatchKind.Contains, matcher.Contains, "contains", matcher.IgnoreCase, context),
        Proto.MatchPatternOneofCase.SafeRegex => Regex(matcher.SafeRegex, "safe_regex", context),
        _ => Missing(context),
    };

    /// <summary>A part of a text; an empty one would match everything and is refused (string.proto).</summary>
    public static StringMatchConfig? Part(StringMatchKind kind, string value, string field, bool ignoreCase, DecodeContext context)
    {
        if (value.Length == 0)
        {
            context.Error(field, "must not be empty");
            return null;
        }

        return new StringMatchConfig(kind, value, ignoreCase);
    }

    public static StringMatchConfig? Regex(Envoy.Type.Matcher.V3.RegexMatcher matcher, string field, DecodeContext context) =>
        RegexDecoder.Decode(matcher, field, context) is { } pattern ? new StringMatchConfig(StringMatchKind.Regex, pattern) : null;

    private static StringMatchConfig? Missing(DecodeContext context)
    {
        context.Error("match_pattern is missing or of a kind that is not supported");
        return null;
    }
}
