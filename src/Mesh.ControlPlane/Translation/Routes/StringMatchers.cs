using Envoy.Type.Matcher.V3;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Routes;

/// <summary>Istio's StringMatch in Envoy's words.</summary>
internal static class StringMatchers
{
    public static StringMatcher From(StringPredicate predicate) => predicate.Kind switch
    {
        StringPredicateKind.Exact => new StringMatcher { Exact = predicate.Value },
        StringPredicateKind.Prefix => new StringMatcher { Prefix = predicate.Value },
        _ => new StringMatcher { SafeRegex = Regex(predicate.Value) },
    };

    public static RegexMatcher Regex(string pattern) => new() { Regex = pattern };

    /// <summary>No predicate and the regular expression <c>*</c> (which is none) both ask only for presence.</summary>
    public static bool AsksForPresence(StringPredicate? predicate) =>
        predicate is null or { Kind: StringPredicateKind.Regex, Value: "*" };
}
