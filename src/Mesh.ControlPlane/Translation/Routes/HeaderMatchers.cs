using Envoy.Config.Route.V3;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Routes;

/// <summary>Header predicates, and those of method, scheme and authority, which xDS treats as headers.</summary>
internal static class HeaderMatchers
{
    public static HeaderMatcher Holds(ProxyProfile profile, string name, StringPredicate? predicate)
    {
        var matcher = new HeaderMatcher { Name = name.ToLowerInvariant() };
        if (predicate is null || StringMatchers.AsksForPresence(predicate))
        {
            matcher.PresentMatch = true;
        }
        else if (profile == ProxyProfile.Mesh)
        {
            matcher.StringMatch = StringMatchers.From(predicate);
        }
        else
        {
            SetForEveryGrpc(matcher, predicate);
        }

        return matcher;
    }

    /// <summary>Istio's withoutHeaders: a header that is missing counts as empty, so the route matches without it.</summary>
    public static HeaderMatcher Fails(ProxyProfile profile, string name, StringPredicate? predicate)
    {
        var matcher = Holds(profile, name, predicate);
        matcher.InvertMatch = true;
        matcher.TreatMissingHeaderAsEmpty = matcher.HeaderMatchSpecifierCase != HeaderMatcher.HeaderMatchSpecifierOneofCase.PresentMatch;
        return matcher;
    }

    /// <summary>gRPC releases from before gRFC A63 do not know string_match; all know its forerunners.</summary>
    private static void SetForEveryGrpc(HeaderMatcher matcher, StringPredicate predicate)
    {
        switch (predicate.Kind)
        {
            case StringPredicateKind.Exact:
                matcher.ExactMatch = predicate.Value;
                break;
            case StringPredicateKind.Prefix:
                matcher.PrefixMatch = predicate.Value;
                break;
            default:
                matcher.SafeRegexMatch = StringMatchers.Regex(predicate.Value);
                break;
        }
    }
}
