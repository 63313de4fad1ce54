using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>One entry of spec.http.</summary>
internal static class HttpRouteReader
{
    /// <summary>What a route may do instead of forwarding.</summary>
    private static readonly string[] OtherActions = ["redirect", "directResponse", "delegate"];

    public static HttpRoute Read(YamlObject item)
    {
        var name = item.String("name") ?? "";
        var matches = item.Objects("match").Select(HttpMatchReader.Read).ToList();
        var destinations = Destinations(item);
        var timeout = item.Duration("timeout", orZero: true);
        var retries = item.Object("retries") is { } settings ? HttpRetryReader.Read(settings) : null;
        var route = new HttpRoute(name, matches.ToEquatableArray(), destinations, timeout, retries, item.Position)
        {
            Delegate = DelegateReader.Read(item),
            Redirect = item.Object("redirect") is { } redirect ? HttpRedirectReader.Read(redirect) : null,
            DirectResponse = item.Object("directResponse") is { } response ? HttpDirectResponseReader.Read(response) : null,
            Rewrite = item.Object("rewrite") is { } rewrite ? HttpRewriteReader.Read(rewrite) : null,
            Headers = HttpHeadersReader.Read(item),
            Fault = item.Object("fault") is { } fault ? HttpFaultReader.Read(fault) : null,
            Mirrors = HttpMirrorReader.Read(item),
            Cors = item.Object("corsPolicy") is { } cors ? HttpCorsReader.Read(cors) : null,
        };
        HttpActionRules.Check(item);
        item.Close(KnownFields.None);
        return route;
    }

    private static EquatableArray<HttpDestination> Destinations(YamlObject item)
    {
        var items = item.Objects("route");
        if (items.Count == 0 && !OtherActions.Any(item.Has))
        {
            item.Problems.Error(item.PositionOf("route"), ProblemCodes.Missing, $"{item.PathOf("route")} is missing: at least one destination");
        }

        var destinations = items.Select(Destination).OfType<HttpDestination>().ToList();
        var total = destinations.Sum(d => (long)d.Weight);
        if (destinations.Count > 1 && total == 0)
        {
            item.Problems.Error(item.PositionOf("route"), ProblemCodes.InvalidValue, $"{item.PathOf("route")}: the weights sum up to 0, so no destination can be chosen", "give at least one destination a weight");
        }
        else if (total > uint.MaxValue)
        {
            item.Problems.Error(item.PositionOf("route"), ProblemCodes.InvalidValue, $"{item.PathOf("route")}: the weights sum up to more than {uint.MaxValue}");
        }

        return destinations.ToEquatableArray();
    }

    private static HttpDestination? Destination(YamlObject item)
    {
        var weight = item.Int("weight", min: 0) ?? 0;
        var destination = item.RequiredObject("destination");
        var headers = HttpHeadersReader.Read(item);
        item.Close(KnownFields.None);
        return destination is null ? null : DestinationReader.Read(destination, weight) with { Headers = headers };
    }
}
