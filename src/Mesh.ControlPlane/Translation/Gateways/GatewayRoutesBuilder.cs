using System.Globalization;
using Envoy.Config.Route.V3;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Resources.Readers;
using ProxylessMesh.ControlPlane.Translation.Routes;
using Code = Envoy.Config.Route.V3.RedirectAction.Types.RedirectResponseCode;
using Route = Envoy.Config.Route.V3.Route;

namespace ProxylessMesh.ControlPlane.Translation.Gateways;

/// <summary>
/// The routes of a gateway's servers: a virtual host for each host that a server and a VirtualService bound to its Gateway have in common.
/// Those of several VirtualServices stand one after another, the oldest first, and what takes every request at the end (Istio, Gateway).
/// </summary>
internal static class GatewayRoutesBuilder
{
    /// <summary>Null: no Gateway gives this client such routes. A port's are always there, if only to find nothing.</summary>
    public static RouteConfiguration? Build(MeshModel model, ProxyView proxy, string name)
    {
        var servers = GatewayServers.Of(model, proxy, name);
        if (servers.Count == 0 && GatewayRouteNames.PortOf(name) is null)
        {
            return null;
        }

        var hosts = new SortedDictionary<string, VirtualHost>(StringComparer.Ordinal);
        foreach (var server in servers)
        {
            AddRoutes(model, proxy, server, hosts);
        }

        foreach (var server in servers.Where(s => s.Server.HttpsRedirect))
        {
            Redirect(model, proxy, server, hosts);
        }

        // Behind a load balancer or a node's port, callers write another port than the one that is bound here (Istio sets it, too).
        var routes = new RouteConfiguration { Name = name, IgnorePortInHostMatching = true };
        foreach (var host in hosts.Values)
        {
            HashPolicyBuilder.Apply(model, proxy, host.Routes);
            routes.VirtualHosts.Add(WithCatchAllsLast(host));
        }

        if (routes.VirtualHosts.Any(h => h.Routes.Any(r => r.DirectResponse is not null)))
        {
            routes.MaxDirectResponseBodySizeBytes = HttpDirectResponseReader.MaxBody;
        }

        return routes;
    }

    private static void AddRoutes(MeshModel model, ProxyView proxy, BoundServer server, SortedDictionary<string, VirtualHost> hosts)
    {
        foreach (var service in Bound(model, proxy, server))
        {
            var common = server.HostsOf(service, model.Settings.ClusterDomain).ToList();
            if (common.Count == 0)
            {
                continue;
            }

            var routes = HttpRouteBuilder.AtGateway(model, proxy, service, server.Server.Port, server.GatewayName);
            foreach (var host in common)
            {
                HostOf(host, server, hosts).Routes.AddRange(routes.Select(r => r.Clone()));
            }
        }
    }

    /// <summary>What this server does in place of routing: also for hosts that no VirtualService speaks of.</summary>
    private static void Redirect(MeshModel model, ProxyView proxy, BoundServer server, SortedDictionary<string, VirtualHost> hosts)
    {
        var routed = Bound(model, proxy, server).SelectMany(service => server.HostsOf(service, model.Settings.ClusterDomain));
        foreach (var host in server.Server.Hosts.Select(h => h.Host).Concat(routed))
        {
            var routes = HostOf(host, server, hosts).Routes;
            routes.Clear();
            routes.Add(ToHttps());
        }
    }

    private static Route ToHttps() => new()
    {
        Name = "https-redirect",
        Match = RouteMatchBuilder.All(),
        Redirect = new RedirectAction { HttpsRedirect = true, ResponseCode = Code.MovedPermanently },
    };

    private static IEnumerable<VirtualService> Bound(MeshModel model, ProxyView proxy, BoundServer server) =>
        model.VirtualServices.BoundTo(server.GatewayName, proxy.Namespace);

    private static VirtualHost HostOf(string host, BoundServer server, SortedDictionary<string, VirtualHost> hosts)
    {
        if (!hosts.TryGetValue(host, out var virtualHost))
        {
            hosts[host] = virtualHost = new VirtualHost
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"{host}:{server.Server.Port}"),
                Domains = { host },
                IncludeRequestAttemptCount = true,
            };
        }

        return virtualHost;
    }

    private static VirtualHost WithCatchAllsLast(VirtualHost host)
    {
        var ordered = host.Routes.OrderBy(r => RouteMatchBuilder.IsCatchAll(r.Match)).ToList();
        host.Routes.Clear();
        host.Routes.AddRange(ordered);
        return host;
    }
}
