using System.Globalization;
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
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
        listener.FilterChains.AddRange(Chains(mode, proxy, at.Port, [.. InboundFilters.Build(model, proxy)]));
        return listener;
    }

    private static IEnumerable<FilterChain> Chains(MutualTlsMode mode, ProxyView proxy, int port, HttpFilter[] filters)
    {
        if (proxy.Profile == ProxyProfile.Grpc)
        {
            // gRPC servers have no way to tell TLS from plaintext on one port, so PERMISSIVE becomes one or the other.
            var mutual = mode == MutualTlsMode.Strict
                || (mode == MutualTlsMode.Permissive && proxy.Labels.Find(TlsModeLabel) == "istio");
            yield return mutual ? MutualTls(proxy.Profile, port, match: null, filters) : Plaintext(port, match: null, filters);
            yield break;
        }

        if (mode == MutualTlsMode.Disable)
        {
            yield return Plaintext(port, match: null, filters);
            yield break;
        }

        yield return MutualTls(proxy.Profile, port, new FilterChainMatch { TransportProtocol = "tls" }, filters);
        if (mode == MutualTlsMode.Permissive)
        {
            yield return Plaintext(port, new FilterChainMatch { TransportProtocol = "raw_buffer" }, filters);
        }
    }

    private static FilterChain MutualTls(ProxyProfile profile, int port, FilterChainMatch? match, HttpFilter[] filters)
    {
        var chain = Chain("inbound-mtls", port, match, filters);
        chain.TransportSocket = TlsContexts.Downstream(profile);
        return chain;
    }

    private static FilterChain Plaintext(int port, FilterChainMatch? match, HttpFilter[] filters) => Chain("inbound-plaintext", port, match, filters);

    private static FilterChain Chain(string name, int port, FilterChainMatch? match, HttpFilter[] filters) => new()
    {
        Name = name,
        FilterChainMatch = match,
        Filters =
        {
            new Filter
            {
                Name = "envoy.filters.network.http_connection_manager",
                TypedConfig = Any.Pack(HttpConnectionManagers.WithRoutes(AllToTheApplication(port), filters)),
            },
        },
    };

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
