using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Gateways;

/// <summary>Which servers a gateway's process has on its ports.</summary>
internal static class GatewayServers
{
    /// <summary>On a port that it has bound.</summary>
    public static IReadOnlyList<BoundServer> On(MeshModel model, ProxyView proxy, int port)
    {
        var ports = new GatewayPorts(model, proxy);
        return [.. All(model, proxy).Where(s => ports.TargetsOf(s.Server.Port).Contains(port)).Select(s => s with { Port = port })];
    }

    /// <summary>Of a name of routes.</summary>
    public static IReadOnlyList<BoundServer> Of(MeshModel model, ProxyView proxy, string routeName) =>
        GatewayRouteNames.PortOf(routeName) is { } port
            ? [.. On(model, proxy, port).Where(s => !s.IsTls)]
            : [.. All(model, proxy).Where(s => s.IsTls && s.RouteName == routeName)];

    /// <summary>Those that take a connection by its server name: of two with the same host the first one does (Istio, MergeGateways).</summary>
    public static IEnumerable<(BoundServer Server, IReadOnlyList<string> Names)> ByServerName(IEnumerable<BoundServer> servers)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var server in servers.Where(s => s.IsTls))
        {
            var names = server.Server.Hosts.Select(h => h.Host).Distinct(StringComparer.Ordinal).ToList();
            if (!names.Any(taken.Contains))
            {
                taken.UnionWith(names);
                yield return (server, names);
            }
        }
    }

    private static IEnumerable<BoundServer> All(MeshModel model, ProxyView proxy) =>
        from gateway in model.Gateways.Selecting(proxy.Labels)
        from server in gateway.Servers
        select new BoundServer(gateway, server, 0);
}
