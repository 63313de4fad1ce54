using Envoy.Config.Route.V3;
using Envoy.Type.Matcher.V3;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Routes;

/// <summary>New paths and hosts of what a route forwards.</summary>
internal static class RewriteBuilder
{
    public static void Add(RouteAction action, HttpRoute route)
    {
        if (route.Rewrite is { Pattern: { } pattern } regex)
        {
            action.RegexRewrite = new RegexMatchAndSubstitute
            {
                Pattern = new RegexMatcher { Regex = pattern },
                Substitution = regex.Substitution,
            };
        }
        else if (route.Rewrite?.Uri is { } uri)
        {
            action.PrefixRewrite = uri;
        }

        // A lone destination has no entry of its own to hold its Host, and never beats the route's (as for several of them).
        var only = route.Destinations.Count == 1 ? route.Destinations[0].Headers?.Request.Authority : null;
        if ((route.Rewrite?.Authority ?? route.Headers?.Request.Authority ?? only) is { } host)
        {
            action.HostRewriteLiteral = host;
        }
    }
}
