using System.Diagnostics;
using System.Text;
using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Envoy.Type.Matcher.V3;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Authorization;

/// <summary>The four forms of a value: exact, <c>prefix*</c>, <c>*suffix</c>, and <c>*</c> for present.</summary>
internal static class ValueMatchers
{
    private const string MustEscape = @"\.+*?()|[]{}^$";

    /// <param name="value">Of the policy.</param>
    /// <param name="before">What the request's value begins with besides.</param>
    public static StringMatcher Text(string value, string before = "") => value switch
    {
        "*" => Pattern(".+"),
        ['*', ..] => new StringMatcher { Suffix = value[1..] },
        [.., '*'] => new StringMatcher { Prefix = before + value[..^1] },
        _ => new StringMatcher { Exact = before + value },
    };

    /// <summary>gRPC releases from before gRFC A63 do not know string_match; all know its forerunners, which know no letter case.</summary>
    public static HeaderMatcher Header(string name, StringMatcher text, ProxyProfile profile) => profile == ProxyProfile.Mesh
        ? new HeaderMatcher { Name = name, StringMatch = text }
        : text.MatchPatternCase switch
        {
            StringMatcher.MatchPatternOneofCase.SafeRegex => new HeaderMatcher { Name = name, SafeRegexMatch = text.SafeRegex },
            _ when text.IgnoreCase => new HeaderMatcher { Name = name, SafeRegexMatch = WithoutCase(text) },
            StringMatcher.MatchPatternOneofCase.Prefix => new HeaderMatcher { Name = name, PrefixMatch = text.Prefix },
            StringMatcher.MatchPatternOneofCase.Suffix => new HeaderMatcher { Name = name, SuffixMatch = text.Suffix },
            _ => new HeaderMatcher { Name = name, ExactMatch = text.Exact },
        };

    public static StringMatcher Pattern(string pattern) => new() { SafeRegex = new RegexMatcher { Regex = pattern } };

    /// <summary>A text as a regular expression that matches it alone: a dot in a name is a dot.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            if (MustEscape.Contains(c, StringComparison.Ordinal))
            {
                quoted.Append('\\');
            }

            quoted.Append(c);
        }

        return quoted.ToString();
    }

    /// <summary>The text of a value with its wildcard as any characters of one part of a SPIFFE id.</summary>
    public static string QuoteWildcards(string value) => string.Join("[^/]*", value.Split('*').Select(Quote));

    private static RegexMatcher WithoutCase(StringMatcher text) => new()
    {
        Regex = text.MatchPatternCase switch
        {
            StringMatcher.MatchPatternOneofCase.Prefix => $"(?i){Quote(text.Prefix)}.*",
            StringMatcher.MatchPatternOneofCase.Suffix => $"(?i).*{Quote(text.Suffix)}",
            _ => $"(?i){Quote(text.Exact)}",
        },
    };

    public static CidrRange Range(string block)
    {
        var range = IpBlocks.TryParse(block, out var read) ? read : throw new UnreachableException($"The reader lets through the range {block}.");
        return new CidrRange { AddressPrefix = range.Network.BaseAddress.ToString(), PrefixLen = (uint)range.Network.PrefixLength };
    }
}
