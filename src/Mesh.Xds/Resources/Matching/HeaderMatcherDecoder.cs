using ProxylessMesh.Xds.Config;
using Proto = Envoy.Config.Route.V3.HeaderMatcher;
using Specifier = Envoy.Config.Route.V3.HeaderMatcher.HeaderMatchSpecifierOneofCase;

namespace ProxylessMesh.Xds.Resources.Matching;

/// <summary>HeaderMatcher (route_components.proto; gRFCs A28 and A63).</summary>
internal static class HeaderMatcherDecoder
{
    private const string Status = ":status";

    public static HeaderMatchConfig? Decode(Proto matcher, DecodeContext context) => Decode(matcher, Name(matcher.Name, context), context);

    /// <summary>A matcher of the one pseudo header that responses have; of none other.</summary>
    public static HeaderMatchConfig? DecodeStatus(Proto matcher, DecodeContext context)
    {
        var isStatus = string.Equals(matcher.Name, Status, StringComparison.OrdinalIgnoreCase);
        if (!isStatus)
        {
            context.Error("name", $"{DecodeContext.Quote(matcher.Name)} is not supported here, only {Status} is");
        }

        return Decode(matcher, isStatus ? Status : null, context);
    }

    private static HeaderMatchConfig? Decode(Proto matcher, string? name, DecodeContext context)
    {
        var value = matcher.HeaderMatchSpecifierCase switch
        {
            Specifier.ExactMatch => new StringMatchConfig(StringMatchKind.Exact, matcher.ExactMatch),
            Specifier.PrefixMatch => StringMatcherDecoder.Part(StringMatchKind.Prefix, matcher.PrefixMatch, "prefix_match", false, context),
            Specifier.SuffixMatch => StringMatcherDecoder.Part(StringMatchKind.Suffix, matcher.SuffixMatch, "suffix_match", false, context),
            Specifier.ContainsMatch => StringMatcherDecoder.Part(StringMatchKind.Contains, matcher.ContainsMatch, "contains_match", false, context),
            Specifier.SafeRegexMatch => StringMatcherDecoder.Regex(matcher.SafeRegexMatch, "safe_regex_match", context),
            Specifier.StringMatch => StringMatcherDecoder.Decode(matcher.StringMatch, "string_match", context),
            _ => null,
        };
        Int64RangeConfig? range = matcher.HeaderMatchSpecifierCase == Specifier.RangeMatch
            ? new Int64RangeConfig(matcher.RangeMatch.Start, matcher.RangeMatch.End)
            : null;
        bool? present = matcher.HeaderMatchSpecifierCase == Specifier.PresentMatch ? matcher.PresentMatch : null;

        if (matcher.HeaderMatchSpecifierCase == Specifier.None)
        {
            context.Error("header_match_specifier is missing or of a kind that is not supported");
            return null;
        }

        return name is null || (value is null && range is null && present is null)
            ? null
            : new HeaderMatchConfig(name, value, range, present, matcher.InvertMatch, matcher.TreatMissingHeaderAsEmpty);
    }

    private static string? Name(string name, DecodeContext context)
    {
        var lower = name.ToLowerInvariant();
        switch (lower)
        {
            case "":
                context.Error("name", "must not be empty");
                return null;
            case "host":
                // RFC 9113, section 8.3.1: the two are one; gRFC A41 says so for matchers.
                return ":authority";
            case ":method" or ":authority" or ":path" or ":scheme":
                return lower;
            default:
                if (lower[0] == ':')
                {
                    context.Error("name", $"{DecodeContext.Quote(name)} is no pseudo header of a request");
                    return null;
                }

                return lower;
        }
    }
}
