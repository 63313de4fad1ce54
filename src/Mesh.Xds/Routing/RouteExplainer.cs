using System.Globalization;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Xds.Routing;

/// <summary>
/// Says why a request takes the route that it takes. The route comes from <see cref="RouteTable{TRoute}"/> itself, and the reasons from
/// the matchers that it is made of, so an explanation cannot differ from what happens.
/// </summary>
internal static class RouteExplainer
{
    public static RouteExplanation Explain<TView>(RouteConfig routes, in TView request, IRandomSource random)
        where TView : struct, IRequestView, allows ref struct
    {
        var anything = new RouteMatchConfig(new PathMatchConfig(PathMatchKind.Prefix, ""), [], [], null);
        var oneEach = routes.VirtualHosts.Select(h => h with { Routes = [new RouteEntryConfig(h.Name, anything, NonForwardingActionConfig.Instance)] });
        var byHost = routes.VirtualHosts.ToDictionary(h => h.Name, StringComparer.Ordinal);
        var host = new RouteTable<VirtualHostConfig>(routes with { VirtualHosts = oneEach.ToEquatableArray() }, (h, _) => byHost[h.Name], random).Match(in request);
        if (host is null)
        {
            return new RouteExplanation(null, [], null);
        }

        var found = new RouteTable<RouteEntryConfig>(routes, (_, route) => route, random).Match(in request);
        var missed = new List<(RouteEntryConfig, string)>();
        foreach (var route in host.Routes)
        {
            if (ReferenceEquals(route, found))
            {
                break;
            }

            missed.Add((route, WhyNot(route.Match, in request)));
        }

        return new RouteExplanation(host, missed, found);
    }

    private static string WhyNot<TView>(RouteMatchConfig match, in TView request)
        where TView : struct, IRequestView, allows ref struct
    {
        if (!new PathMatcher(match.Path).Matches(request.Path))
        {
            return $"the path is not {Describe(match.Path)}";
        }

        if (match.OnlyGrpc && !RouteMatcher.IsGrpc(in request))
        {
            return "the request is no gRPC call";
        }

        foreach (var header in match.Headers)
        {
            if (!new HeaderMatcher(header).Matches(in request))
            {
                return Describe(header, in request);
            }
        }

        foreach (var parameter in match.Query)
        {
            if (!new QueryMatcher(parameter).Matches(request.Query))
            {
                return $"query parameter {parameter.Name} is not {(parameter.Value is { } value ? Describe(value) : parameter.Present ? "there" : "absent")}";
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"it takes only {(match.RuntimeFractionPerMillion ?? 0) / 10_000.0} % of requests, and not this one");
    }

    private static string Describe<TView>(HeaderMatchConfig header, in TView request)
        where TView : struct, IRequestView, allows ref struct
    {
        var shown = header.Name switch
        {
            ":method" => request.Method,
            ":scheme" => request.Scheme,
            ":authority" => request.Authority,
            ":path" => request.Path.ToString(),
            _ => request.TryGetHeader(header.Name, out var value) ? value : null,
        };
        var wanted = header switch
        {
            { Value: { } value } => Describe(value),
            { Range: { } range } => $"in {range}",
            _ => header.Present == true ? "there" : "absent",
        };
        return $"header {header.Name} is {(shown is null ? "absent" : $"\"{shown}\"")}, not {(header.Invert ? "anything but " : "")}{wanted}";
    }

    private static string Describe(PathMatchConfig path) => $"{path.Kind switch
    {
        PathMatchKind.Exact => "",
        PathMatchKind.Regex => "of the form ",
        _ => "below ",
    }}{path.Value}{(path.CaseSensitive ? "" : " in any case")}";

    private static string Describe(StringMatchConfig match) => match.Kind == StringMatchKind.Exact
        ? $"\"{match.Value}\""
        : $"{match.Kind.ToString().ToLowerInvariant()} \"{match.Value}\"";
}
