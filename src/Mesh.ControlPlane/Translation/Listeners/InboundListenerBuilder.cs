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
        var mode = model.PeerAuthentications.Effective(proxy.Namespace, proxy.Labels, at.Port);
        var isTcp = proxy.Profile == ProxyProfile.Mesh && ServedPorts.IsTcp(model, proxy, at.Port);
        if (isTcp && mode == MutualTlsMode.Permissive && model.Settings.ProtocolDetectionTimeout > TimeSpan.Zero)
        {
            // Where the server speaks first, a client of plaintext says nothing by which it could be told from one of mutual TLS.
            listener.ListenerFiltersTimeout = Duration.FromTimeSpan(model.Settings.ProtocolDetectionTimeout);
            listener.ContinueOnListenerFiltersTimeout = true;
        }

        var filters = isTcp ? TcpFilters.Build(model, proxy, at.Port) : Http(ConnectionManager(model, proxy, at.Port));
        listener.FilterChains.AddRange(Chains(mode, proxy, TlsContexts.Downstream(proxy.Profile, model.Settings.MutualTls), filters));
        return listener;
    }

    private static IEnumerable<FilterChain> Chains(MutualTlsMode mode, ProxyView proxy, TransportSocket tls, IReadOnlyList<Filter> filters)
    {
        if (proxy.Profile == ProxyProfile.Grpc)
        {
            // gRPC servers have no way to tell TLS from plaintext on one port, so PERMISSIVE becomes one or the other.
            var mutual = mode == MutualTlsMode.Strict
                || (mode == MutualTlsMode.Permissive && proxy.Labels.Find(TlsModeLabel) == "istio");
            yield return mutual ? MutualTls(tls, filters, match: null) : Plaintext(filters, match: null);
            yield break;
        }

        if (mode == MutualTlsMode.Disable)
        {
            yield return Plaintext(filters, match: null);
            yield break;
        }

        yield return MutualTls(tls, filters, new FilterChainMatch { TransportProtocol = "tls" });
        if (mode == MutualTlsMode.Permissive)
        {
            yield return Plaintext(filters, new FilterChainMatch { TransportProtocol = "raw_buffer" });
        }
    }

    private static FilterChain MutualTls(TransportSocket tls, IReadOnlyList<Filter> filters, FilterChainMatch? match)
    {
        var chain = Chain("inbound-mtls", filters, match);
        chain.TransportSocket = tls;
        return chain;
    }

    private static FilterChain Plaintext(IReadOnlyList<Filter> filters, FilterChainMatch? match) => Chain("inbound-plaintext", filters, match);

    private static FilterChain Chain(string name, IReadOnlyList<Filter> filters, FilterChainMatch? match) =>
        new() { Name = name, FilterChainMatch = match, Filters = { filters } };

    private static IReadOnlyList<Filter> Http(HttpConnectionManager manager) =>
        [new Filter { Name = "envoy.filters.network.http_connection_manager", TypedConfig = Any.Pack(manager) }];

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
