using System.Globalization;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Gateways;

/// <summary>A server of a Gateway on a port that a gateway's process has bound.</summary>
/// <param name="Gateway">Of the server.</param>
/// <param name="Server">One of its servers.</param>
/// <param name="Port">That is bound.</param>
internal sealed record BoundServer(Gateway Gateway, GatewayServer Server, int Port)
{
    public bool IsTls => Server.Tls is not null;

    /// <summary>Istio's name of its routes. Plaintext servers of a port share theirs: who calls them says a host and nothing before.</summary>
    public string RouteName => IsTls
        ? string.Create(CultureInfo.InvariantCulture, $"https.{Server.Port}.{Server.PortName}.{Gateway.Meta.Id.Name}.{Gateway.Meta.Id.Namespace}")
        : GatewayRouteNames.OfPort(Port);

    /// <summary>As VirtualServices are bound to it.</summary>
    public string GatewayName => $"{Gateway.Meta.Id.Namespace}/{Gateway.Meta.Id.Name}";

    /// <summary>What the two patterns of a VirtualService and of this server have in common, if one may use the other.</summary>
    public IEnumerable<string> HostsOf(VirtualService service, string clusterDomain)
    {
        var ns = service.Meta.Id.Namespace;
        return (from own in Server.Hosts
                where own.Namespace is null || own.Namespace == ns
                from host in service.Hosts
                select HostPatterns.Common(own.Host, HostName.Resolve(host, ns, clusterDomain)))
            .OfType<string>()
            .Distinct(StringComparer.Ordinal);
    }
}
