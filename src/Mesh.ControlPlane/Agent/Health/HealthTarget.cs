using System.Diagnostics.CodeAnalysis;

namespace ProxylessMesh.ControlPlane.Agent.Health;

/// <summary>What is asked: <c>tcp://:9080</c>, <c>http://:8080/ready</c>, <c>grpc://:9080</c> or <c>grpc://:9080/SERVICE</c>.</summary>
/// <param name="Kind">Protocol.</param>
/// <param name="Port">Number.</param>
/// <param name="Path">Of HTTP with its slash; of gRPC the service, empty = the server.</param>
internal sealed record HealthTarget(HealthCheckKind Kind, int Port, string Path)
{
    public static bool TryParse(string text, [NotNullWhen(true)] out HealthTarget? target)
    {
        target = null;
        if (text.Split("://:", 2) is not [var scheme, var rest])
        {
            return false;
        }

        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var (number, path) = slash < 0 ? (rest, "") : (rest[..slash], rest[slash..]);
        if (!int.TryParse(number, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
        {
            return false;
        }

        target = scheme switch
        {
            "tcp" when path.Length == 0 => new HealthTarget(HealthCheckKind.Tcp, port, ""),
            "http" when path.All(c => c is > ' ' and < (char)127) => new HealthTarget(HealthCheckKind.Http, port, path.Length == 0 ? "/" : path),
            "grpc" => new HealthTarget(HealthCheckKind.Grpc, port, path.TrimStart('/')),
            _ => null,
        };
        return target is not null;
    }
}
