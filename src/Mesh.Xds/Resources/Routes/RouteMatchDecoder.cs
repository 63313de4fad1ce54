using Envoy.Config.Route.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources.Matching;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>RouteMatch (gRFC A28, route_components.proto).</summary>
internal static class RouteMatchDecoder
{
    public static RouteMatchConfig? Decode(RouteMatch? match, DecodeContext context)
    {
        if (match is null)
        {
            context.Error("match", "is missing");
            return null;
        }

        using (context.Enter("match"))
        {
            var path = Path(match, context);
            var headers = new List<HeaderMatchConfig>(match.Headers.Count);
            for (var i = 0; i < match.Headers.Count; i++)
            {
                using (context.Enter("headers", i))
                {
                    if (HeaderMatcherDecoder.Decode(match.Headers[i], context) is { } header)
                    {
                        headers.Add(header);
                    }
                }
            }

            var query = new List<QueryMatchConfig>(match.QueryParameters.Count);
            for (var i = 0; i < match.QueryParameters.Count; i++)
            {
                using (context.Enter("query_parameters", i))
                {
                    if (QueryMatcherDecoder.Decode(match.QueryParameters[i], context) is { } parameter)
                    {
                        query.Add(parameter);
                    }
                }
            }

            RefuseUnsupported(match, context);
            var fraction = RuntimeFraction.PerMillion(match.RuntimeFraction, context);
            return path is null
                ? null
                : new RouteMatchConfig(path, headers.ToEquatableArray(), query.ToEquatableArray(), fraction) { OnlyGrpc = match.Grpc is not null };
        }
    }

    /// <summary>Left out, they would make the route take requests that are not its own.</summary>
    private static void RefuseUnsupported(RouteMatch match, DecodeContext context)
    {
        context.Refuse(match.Cookies.Count > 0, "cookies");
        context.Refuse(match.TlsContext is not null, "tls_context");
        context.Refuse(match.DynamicMetadata.Count > 0, "dynamic_metadata");
        context.Refuse(match.FilterState.Count > 0, "filter_state");
    }

    private static PathMatchConfig? Path(RouteMatch match, DecodeContext context)
    {
        var caseSensitive = match.CaseSensitive ?? true;
        switch (match.PathSpecifierCase)
        {
            case RouteMatch.PathSpecifierOneofCase.Prefix:
                return new PathMatchConfig(PathMatchKind.Prefix, match.Prefix, caseSensitive);
            case RouteMatch.PathSpecifierOneofCase.Path:
                return new PathMatchConfig(PathMatchKind.Exact, match.Path, caseSensitive);
            case RouteMatch.PathSpecifierOneofCase.PathSeparatedPrefix:
                return SegmentPrefix(match.PathSeparatedPrefix, caseSensitive, context);
            case RouteMatch.PathSpecifierOneofCase.SafeRegex:
                return RegexDecoder.Decode(match.SafeRegex, "safe_regex", context) is { } pattern
                    ? new PathMatchConfig(PathMatchKind.Regex, pattern)
                    : null;
            default:
                context.Error("path_specifier is missing or of a kind that is not supported");
                return null;
        }
    }

    private static PathMatchConfig? SegmentPrefix(string prefix, bool caseSensitive, DecodeContext context)
    {
        if (prefix.Length < 2 || prefix[^1] == '/' || prefix.AsSpan().ContainsAny('?', '#'))
        {
            context.Error("path_separated_prefix", $"{DecodeContext.Quote(prefix)} must not end in a slash nor hold ? or #");
            return null;
        }

        return new PathMatchConfig(PathMatchKind.SegmentPrefix, prefix, caseSensitive);
    }
}
