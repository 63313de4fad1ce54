using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>Destination: of routes and of mirrors.</summary>
internal static class DestinationReader
{
    public static HttpDestination Read(YamlObject destination, int weight)
    {
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
