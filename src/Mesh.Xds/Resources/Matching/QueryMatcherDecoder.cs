using ProxylessMesh.Xds.Config;
using Proto = Envoy.Config.Route.V3.QueryParameterMatcher;
using Specifier = Envoy.Config.Route.V3.QueryParameterMatcher.QueryParameterMatchSpecifierOneofCase;

namespace ProxylessMesh.Xds.Resources.Matching;

/// <summary>QueryParameterMatcher; without a specifier it asks for presence, as in Envoy.</summary>
internal static class QueryMatcherDecoder
{
    public static QueryMatchConfig? Decode(Proto matcher, DecodeContext context)
    {
        if (matcher.Name.Length == 0)
        {
            context.Error("name", "must not be empty");
            return null;
        }

        switch (matcher.QueryParameterMatchSpecifierCase)
        {
            case Specifier.StringMatch:
                var value = StringMatcherDecoder.Decode(matcher.StringMatch, "string_match", context);
                return value is null ? null : new QueryMatchConfig(matcher.Name, value);
            case Specifier.PresentMatch:
                return new QueryMatchConfig(matcher.Name, null, matcher.PresentMatch);
            default:
                return new QueryMatchConfig(matcher.Name, null);
        }
    }
}
