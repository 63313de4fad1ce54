using Envoy.Type.Matcher.V3;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Xds.Resources.Matching;

/// <summary>RegexMatcher: the expression must compile, now and not at the first request.</summary>
internal static class RegexDecoder
{
    public static string? Decode(RegexMatcher? matcher, string field, DecodeContext context)
    {
        var pattern = matcher?.Regex ?? "";
        if (pattern.Length == 0)
        {
            context.Error(field, "regex must not be empty");
            return null;
        }

        if (!LinearRegex.TryCreate(pattern, out _, out var error))
        {
            context.Error(field, $"{error}: {DecodeContext.Quote(pattern)}");
            return null;
        }

        return pattern;
    }
}
