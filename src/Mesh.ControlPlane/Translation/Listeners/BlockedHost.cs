using System.Net;
using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Translation.Routes;
using Route = Envoy.Config.Route.V3.Route;

namespace ProxylessMesh.ControlPlane.Translation.Listeners;

/// <summary>
/// The answer to a host that a client does not know while only known ones may be called (outboundTrafficPolicy REGISTRY_ONLY):
/// Istio's virtual host block_all, with a reason.
/// </summary>
internal static class BlockedHost
{
    private const string Name = "block_all";
    private const uint BadGateway = 502;
    private const int MaxShownName = 300;

    /// <summary>Null: calls to it pass. So do those to this machine, which no mesh captures.</summary>
    public static HttpConnectionManager? Build(ClientScope scope, ProxyView proxy, string requested)
    {
        if (proxy.Profile != ProxyProfile.Mesh || scope.Mode != OutboundTrafficMode.RegistryOnly || IsThisMachine(requested))
        {
            return null;
        }

        var shown = requested.Length > MaxShownName ? requested[..MaxShownName] : requested;
        var reason = $"{shown} is blocked: namespace {proxy.Namespace} does not know it, and outboundTrafficPolicy is REGISTRY_ONLY ({scope.Source}); a ServiceEntry would make it known";
        return HttpConnectionManagers.WithRoutes(new RouteConfiguration
        {
            Name = Name,
            VirtualHosts =
            {
                new VirtualHost
                {
                    Name = Name,
                    Domains = { "*" },
                    Routes =
                    {
                        new Route
                        {
                            Name = Name,
                            Match = RouteMatchBuilder.All(),
                            DirectResponse = new DirectResponseAction { Status = BadGateway, Body = new DataSource { InlineString = reason } },
                        },
                    },
                },
            },
        });
    }

    private static bool IsThisMachine(string requested) =>
        HostAndPort.TryParse(requested, out var target)
        && (target.Host == "localhost" || (IPAddress.TryParse(target.Host, out var address) && IPAddress.IsLoopback(address)));
}
