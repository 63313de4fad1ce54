using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>mirror with its percentage, or mirrors, of one entry of spec.http. No percentage is 100, and 0 is no mirror.</summary>
internal static class HttpMirrorReader
{
    private const double Everything = 100;

    public static EquatableArray<HttpMirror> Read(YamlObject route)
    {
        var mirrors = new List<HttpMirror>();
        double? deprecated = route.Int("mirrorPercent", 0, 100);
        var percent = route.Percent("mirrorPercentage") ?? deprecated ?? Everything;
        if (route.Object("mirror") is { } single)
        {
            mirrors.Add(new HttpMirror(DestinationReader.Read(single, weight: 0), percent, single.Path));
        }
        else if (route.Has("mirrorPercent") || route.Has("mirrorPercentage"))
        {
            route.Problems.Error(route.Position, ProblemCodes.Missing, $"{route.PathOf("mirror")} is missing: a percentage alone mirrors nothing");
        }

        foreach (var item in route.Objects("mirrors"))
        {
            if (item.RequiredObject("destination") is { } destination)
            {
                mirrors.Add(new HttpMirror(DestinationReader.Read(destination, weight: 0), item.Percent("percentage") ?? Everything, destination.Path));
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
