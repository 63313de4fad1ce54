using Envoy.Config.Route.V3;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Routes;

/// <summary>One entry of http.match as xDS; what depends on the client alone is decided by <see cref="ClientMatch"/> before.</summary>
internal static class RouteMatchBuilder
{
    public static RouteMatch All() => new() { Prefix = "/" };

    public static RouteMatch Build(ProxyProfile profile, HttpMatch match)
    {
        var result = Path(match);
        result.Headers.AddRange(ByName(match.Headers).Select(h => HeaderMatchers.Holds(profile, h.Name, h.Value)));
        result.Headers.AddRange(ByName(match.WithoutHeaders).Select(h => HeaderMatchers.Fails(profile, h.Name, h.Value)));
        AddPseudoHeader(":method", match.Method);
        AddPseudoHeader(":authority", match.Authority);
        AddPseudoHeader(":scheme", match.Scheme);
        result.QueryParameters.AddRange(ByName(match.QueryParams).Select(Query));
        return result;

        void AddPseudoHeader(string name, StringPredicate? predicate)
        {
            if (predicate is not null)
            {
                result.Headers.Add(HeaderMatchers.Holds(profile, name, predicate));
            }
        }
    }

    /// <summary>Whether no later route can match any more.</summary>
    public static bool IsCatchAll(RouteMatch match) =>
        match is { PathSpecifierCase: RouteMatch.PathSpecifierOneofCase.Prefix, Prefix: "" or "/", Headers.Count: 0, QueryParameters.Count: 0 };

    private static RouteMatch Path(HttpMatch match)
    {
        if (match.Uri is not { } uri || StringMatchers.AsksForPresence(uri))
        {
            return All();
        }

        var result = uri.Kind switch
        {
            StringPredicateKind.Exact => new RouteMatch { Path = uri.Value },
            StringPredicateKind.Prefix => new RouteMatch { Prefix = uri.Value },
            _ => new RouteMatch { SafeRegex = StringMatchers.Regex(uri.Value) },
        };
        if (match.IgnoreUriCase && uri.Kind != StringPredicateKind.Regex)
        {
            result.CaseSensitive = false;
        }

        return result;
    }

    private static QueryParameterMatcher Query(NamedPredicate parameter) =>
        parameter.Value is not { } value || StringMatchers.AsksForPresence(value)
            ? new QueryParameterMatcher { Name = parameter.Name, PresentMatch = true }
            : new QueryParameterMatcher { Name = parameter.Name, StringMatch = StringMatchers.From(value) };

    /// <summary>They were a map in the source: its order means nothing and must not show.</summary>
    private static IEnumerable<NamedPredicate> ByName(IEnumerable<NamedPredicate> predicates) =>
        predicates.OrderBy(p => p.Name, StringComparer.Ordinal);
}
