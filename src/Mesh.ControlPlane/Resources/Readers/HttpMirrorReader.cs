using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>mirror with its percentage, or mirrors, of one entry of spec.http. No percentage is 100, and 0 is no mirror.</summary>
internal static class HttpMirrorReader
{
    private const int Everything = 1_000_000;
    private const int OnePercent = 10_000;

    public static EquatableArray<HttpMirror> Read(YamlObject route)
    {
        var mirrors = new List<HttpMirror>();
        var deprecated = route.Int("mirrorPercent", 0, 100) * OnePercent;
        var share = PercentageReader.PerMillion(route, "mirrorPercentage") ?? deprecated ?? Everything;
        if (route.Object("mirror") is { } single)
        {
            mirrors.Add(new HttpMirror(DestinationReader.Read(single, weight: 0), share, single.Path));
        }
        else if (route.Has("mirrorPercent") || route.Has("mirrorPercentage"))
        {
            route.Problems.Error(route.Position, ProblemCodes.Missing, $"{route.PathOf("mirror")} is missing: a percentage alone mirrors nothing");
        }

        foreach (var item in route.Objects("mirrors"))
        {
            var part = PercentageReader.PerMillion(item, "percentage") ?? Everything;
            if (item.RequiredObject("destination") is { } destination)
            {
                mirrors.Add(new HttpMirror(DestinationReader.Read(destination, weight: 0), part, destination.Path));
            }

            item.Close(KnownFields.None);
        }

        if (route.Has("mirror") && route.Has("mirrors"))
        {
            route.Problems.Error(route.PositionOf("mirrors"), ProblemCodes.Conflict, $"{route.Path} takes only one of mirror and mirrors");
        }

        return mirrors.ToEquatableArray();
    }
}
