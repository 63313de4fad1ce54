using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>Gateway (networking.istio.io): its HTTP servers, with and without TLS that ends at the gateway.</summary>
internal static class GatewayReader
{
    // Where the gateway listens is said by its process, as where any workload listens.
    private static readonly KnownFields KnownOfServer = new(["bind"], ["defaultEndpoint"], []);
    private static readonly KnownFields KnownOfPort = new([], ["targetPort"], []);

    public static MeshObject? Read(ObjectMeta meta, YamlObject spec)
    {
        var selector = spec.Labels("selector");
        var items = spec.Objects("servers");
        if (items.Count == 0)
        {
            spec.Problems.Error(spec.PositionOf("servers"), ProblemCodes.Missing, "spec.servers is missing: at least one server");
        }

        var servers = items.Select(item => Server(item, meta.Id.Namespace)).OfType<GatewayServer>().ToEquatableArray();
        CheckNames(servers, spec);
        spec.Close(KnownFields.None);
        return new Gateway(meta, selector, servers);
    }

    private static GatewayServer? Server(YamlObject item, string ownNamespace)
    {
        item.String("name");
        var hosts = GatewayHosts.Read(item, ownNamespace);
        var (number, name, isTls) = Port(item);
        var (tls, redirects) = item.Object("tls") is { } settings ? GatewayTlsReader.Read(settings, isTls) : default;
        if (isTls == true && !item.Has("tls"))
        {
            item.Problems.Error(item.Position, ProblemCodes.Missing, $"{item.PathOf("tls")} is missing: a server of HTTPS needs a certificate");
        }

        item.Close(KnownOfServer);
        return number is null || name is null ? null : new GatewayServer(number.Value, name, hosts, tls, redirects, item.Position);
    }

    private static (int? Number, string? Name, bool? IsTls) Port(YamlObject item)
    {
        if (item.RequiredObject("port") is not { } port)
        {
            return default;
        }

        port.ReportIfMissing("number");
        var number = port.Port("number");
        var name = port.RequiredString("name");
        var isTls = port.RequiredString("protocol") is { } protocol ? IsTls(port, protocol) : null;
        port.Close(KnownOfPort);
        return (number, name, isTls);
    }

    private static bool? IsTls(YamlObject port, string protocol)
    {
        switch (protocol.ToUpperInvariant())
        {
            case "HTTP" or "HTTP2" or "GRPC":
                return false;
            case "HTTPS":
                return true;
            case "GRPC-WEB" or "MONGO" or "TCP" or "TLS":
                port.Problems.Error(
                    port.PositionOf("protocol"), ProblemCodes.UnsupportedField, $"{port.PathOf("protocol")} {Quoted.Of(protocol)} is not supported yet by this version", "HTTP, HTTP2, GRPC and HTTPS are");
                return null;
            default:
                port.Problems.Error(
                    port.PositionOf("protocol"), ProblemCodes.InvalidValue, $"{port.PathOf("protocol")} {Quoted.Of(protocol)} is not one of HTTP, HTTPS, GRPC, GRPC-WEB, HTTP2, MONGO, TCP, TLS");
                return null;
        }
    }

    private static void CheckNames(EquatableArray<GatewayServer> servers, YamlObject spec)
    {
        var first = new Dictionary<string, GatewayServer>(StringComparer.Ordinal);
        foreach (var server in servers)
        {
            if (!first.TryAdd(server.PortName, server))
            {
                spec.Problems.Error(
                    server.Position, ProblemCodes.Conflict, $"spec.servers: the port name {Quoted.Of(server.PortName)} stands twice (first at line {first[server.PortName].Position.Line})");
            }
        }
    }
}
