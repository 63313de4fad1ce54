using System.Globalization;
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Translation.Gateways;
using ProxylessMesh.ControlPlane.Translation.Tls;
using Route = Envoy.Config.Route.V3.Route;

namespace ProxylessMesh.ControlPlane.Translation.Listeners;

/// <summary>What a workload accepts on one of its ports (gRFC A36), from its PeerAuthentication.</summary>
internal static class InboundListenerBuilder
{
    public const string NamePrefix = "xds.istio.io/grpc/lds/inbound/";

    private const string TlsModeLabel = "security.istio.io/tlsMode";

    public static Listener? Build(MeshModel model, ProxyView proxy, string name)
    {
        if (!HostAndPort.TryParse(name[NamePrefix.Length..], out var at))
        {
            return null;
        }

        if (proxy.IsGateway)
        {
            return GatewayListenerBuilder.Build(model, proxy, name, at);
        }

        // Istio's gRPC generator answers only for ports of services; our own servers are guarded whether a service names them or not.
        if (proxy.Profile == ProxyProfile.Grpc && !ServedPorts.Contains(model, proxy, at.Port))
        {
            return null;
        }

        var listener = new Listener
        {
            Name = name,
            Address = new Address { SocketAddress = new SocketAddress { Address = at.Host, PortValue = (uint)at.Port } },
        };
        var http = Any.Pack(ConnectionManager(model, proxy, at.Port));
        listener.FilterChains.AddRange(Chains(model.PeerAuthentications.Effective(proxy.Namespace, proxy.Labels, at.Port), proxy, TlsContexts.Downstream(proxy.Profile, model.Settings.MutualTls), http));
        return listener;
    }

    private static IEnumerable<FilterChain> Chains(MutualTlsMode mode, ProxyView proxy, TransportSocket tls, Any http)
    {
        if (proxy.Profile == ProxyProfile.Grpc)
        {
            // gRPC servers have no way to tell TLS from plaintext on one port, so PERMISSIVE becomes one or the other.
            var mutual = mode == MutualTlsMode.Strict
                || (mode == MutualTlsMode.Permissive && proxy.Labels.Find(TlsModeLabel) == "istio");
            yield return mutual ? MutualTls(tls, http, match: null) : Plaintext(http, match: null);
            yield break;
        }

        if (mode == MutualTlsMode.Disable)
        {
            yield return Plaintext(http, match: null);
            yield break;
        }

        yield return MutualTls(tls, http, new FilterChainMatch { TransportProtocol = "tls" });
        if (mode == MutualTlsMode.Permissive)
        {
            yield return Plaintext(http, new FilterChainMatch { TransportProtocol = "raw_buffer" });
        }
    }

    private static FilterChain MutualTls(TransportSocket tls, Any http, FilterChainMatch? match)
    {
        var chain = Chain("inbound-mtls", http, match);
        chain.TransportSocket = tls;
        return chain;
    }

    private static FilterChain Plaintext(Any http, FilterChainMatch? match) => Chain("inbound-plaintext", http, match);

    private static FilterChain Chain(string name, Any http, FilterChainMatch? match) => new()
    {
        Name = name,
        FilterChainMatch = match,
        Filters =
        {
            new Filter
            {
                Name = "envoy.filters.network.http_connection_manager",
                TypedConfig = http,
            },
        },
    };

    private static HttpConnectionManager ConnectionManager(MeshModel model, ProxyView proxy, int port)
    {
        var manager = HttpConnectionManagers.WithRoutes(AllToTheApplication(port), InboundFilters.Build(model, proxy));
        if (proxy.Profile == ProxyProfile.Mesh)
        {
            RequestNormalization.Apply(manager, model.Settings.PathNormalization);
        }

        return manager;
    }

    private static RouteConfiguration AllToTheApplication(int port)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"inbound|{port}||");
        return new RouteConfiguration
        {
            Name = name,
            VirtualHosts =
            {
                new VirtualHost
                {
                    Name = name,
                    Domains = { "*" },
                    Routes =
                    {
                        new Route
                        {
                            Name = "default",
                            Match = new RouteMatch { Prefix = "/" },
                            NonForwardingAction = new NonForwardingAction(),
                        },
                    },
                },
            },
        };
    }
}
