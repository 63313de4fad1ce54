using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>One entry of spec.http.</summary>
internal static class HttpRouteReader
{
    /// <summary>What a route may do instead of forwarding.</summary>
    private static readonly string[] OtherActions = ["redirect", "directResponse", "delegate"];

    private static readonly KnownFields Known = new(
        Unsupported:
        [
            "redirect", "directResponse", "delegate", "rewrite", "mirror", "mirrorPercent", "mirrorPercentage", "mirrors", "corsPolicy", "headers",
        ],
        NotApplied: [],
        Irrelevant: []);

    private static readonly KnownFields KnownOfDestination = new(["headers"], [], []);

    public static HttpRoute Read(YamlObject item)
    {
        var name = item.String("name") ?? "";
        var matches = item.Objects("match").Select(HttpMatchReader.Read).ToList();
        var destinations = Destinations(item);
        var timeout = item.Duration("timeout", orZero: true);
        var retries = item.Object("retries") is { } settings ? HttpRetryReader.Read(settings) : null;
        var fault = item.Object("fault") is { } faults ? HttpFaultReader.Read(faults) : null;
        item.Close(Known);
        return new HttpRoute(name, matches.ToEquatableArray(), destinations, timeout, retries, item.Position) { Fault = fault };
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
        item.Close(KnownOfDestination);
        if (destination is null)
        {
            return null;
        }

        var host = destination.RequiredHost("host");
        if (host is not null && host.StartsWith('*'))
        {
            destination.Problems.Error(destination.PositionOf("host"), ProblemCodes.InvalidValue, $"{destination.PathOf("host")} {Quoted.Of(host)}: a destination has no wildcard");
        }

        var subset = destination.String("subset");
        int? port = null;
        if (destination.Object("port") is { } selector)
        {
            selector.ReportIfMissing("number");
            port = selector.Port("number");
            selector.Close(KnownFields.None);
        }

        destination.Close(KnownFields.None);
        return new HttpDestination(host ?? "", subset is { Length: > 0 } ? subset : null, port, weight, destination.Position)
        {
            HostPosition = destination.PositionOf("host"),
            SubsetPosition = destination.PositionOf("subset"),
        };
    }
}
