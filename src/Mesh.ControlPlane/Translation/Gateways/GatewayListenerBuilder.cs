using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation.Listeners;

namespace ProxylessMesh.ControlPlane.Translation.Gateways;

/// <summary>
/// What a gateway's process accepts on a port: a chain for each server of HTTPS, found by the server name, and one for all of HTTP. The
/// filters are those of any workload; policies select the gateway by its labels.
/// </summary>
internal static class GatewayListenerBuilder
{
    private const string PlaintextChain = "gateway-plaintext";

    public static Listener Build(MeshModel model, ProxyView proxy, string name, HostAndPort at)
    {
        var listener = new Listener
        {
            Name = name,
            Address = new Address { SocketAddress = new SocketAddress { Address = at.Host, PortValue = (uint)at.Port } },
        };
        var servers = GatewayServers.On(model, proxy, at.Port);
        foreach (var (server, names) in GatewayServers.ByServerName(servers))
        {
            var chain = Chain(model, proxy, server.RouteName, server.RouteName, "tls");
            if (!names.Contains("*"))
            {
                chain.FilterChainMatch.ServerNames.AddRange(names);
            }

            chain.TransportSocket = GatewayTlsContexts.Build(server.Server.Tls!);
            listener.FilterChains.Add(chain);
        }

        // A port that no Gateway speaks of has no routes, so whatever comes in is not found; without a chain the last one would stay in force.
        if (servers.Count == 0 || servers.Any(s => !s.IsTls))
        {
            listener.FilterChains.Add(Chain(model, proxy, PlaintextChain, GatewayRouteNames.OfPort(at.Port), "raw_buffer"));
        }

        return listener;
    }

    private static FilterChain Chain(MeshModel model, ProxyView proxy, string name, string routes, string transport)
    {
        var manager = HttpConnectionManagers.WithRoutesOf(routes, InboundFilters.Build(model, proxy));
        RequestNormalization.Apply(manager, model.Settings.PathNormalization);
        return new FilterChain
        {
            Name = name,
            FilterChainMatch = new FilterChainMatch { TransportProtocol = transport },
            Filters = { new Filter { Name = "envoy.filters.network.http_connection_manager", TypedConfig = Any.Pack(manager) } },
        };
    }
}
