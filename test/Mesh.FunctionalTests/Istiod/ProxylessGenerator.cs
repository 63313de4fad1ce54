using System.Net;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.Fault.V3;
using Envoy.Extensions.Filters.Http.StatefulSession.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.Http.StatefulSession.Cookie.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Resources;
using SocketAddress = Envoy.Config.Core.V3.SocketAddress;

namespace ProxylessMesh.FunctionalTests.Istiod;

/// <summary>The resources of a proxyless node as pilot/pkg/networking/grpcgen and the generator of endpoints write them. What does not exist is left out.</summary>
internal static class ProxylessGenerator
{
    public static IEnumerable<Any> Generate(IstioMesh mesh, IstioNode node, string type, IEnumerable<string> names) =>
        names.Select(name => Generate(mesh, node, type, name)).OfType<IMessage>().Select(m => Any.Pack(m));

    private static IMessage? Generate(IstioMesh mesh, IstioNode node, string type, string name) =>
        type == ResourceKinds.Listener.TypeUrl ? InboundGenerator.Listener(mesh, node, name) ?? OutboundListener(mesh, name)
        : mesh.OfCluster(name) is not { } service ? null
        : type == ResourceKinds.Route.TypeUrl ? Routes(service)
        : type == ResourceKinds.Cluster.TypeUrl ? Cluster(mesh, service, name)
        : Endpoints(service, name);

    private static Listener? OutboundListener(IstioMesh mesh, string name)
    {
        if (name.LastIndexOf(':') is var colon and > 0 && int.TryParse(name[(colon + 1)..], out var port) && mesh.Find(name[..colon], port) is { } service)
        {
            var manager = new HttpConnectionManager
            {
                HttpFilters = { new HttpFilter { Name = "envoy.filters.http.fault", TypedConfig = Any.Pack(new HTTPFault()) }, InboundGenerator.Router },
                Rds = new Rds { ConfigSource = Ads, RouteConfigName = service.Cluster() },
            };
            if (service.SessionCookie.Length > 0)
            {
                manager.HttpFilters.Insert(0, Session(service.SessionCookie));
            }

            return new Listener
            {
                Name = name,
                Address = Socket(IPAddress.Parse("240.240.0.7"), port),
                ApiListener = new ApiListener { ApiListener_ = Any.Pack(manager) },
            };
        }

        return null;
    }

    private static HttpFilter Session(string cookie) => new()
    {
        Name = "envoy.filters.http.stateful_session",
        TypedConfig = Any.Pack(new StatefulSession
        {
            SessionState = new TypedExtensionConfig
            {
                Name = "envoy.http.stateful_session.cookie",
                TypedConfig = Any.Pack(new CookieBasedSessionState { Cookie = new() { Name = cookie, Path = "/", Ttl = new Duration() } }),
            },
        }),
    };

    private static RouteConfiguration Routes(IstioService service)
    {
        var host = new VirtualHost
        {
            Name = $"{service.Host}:{service.Port}",
            Domains = { service.Names.SelectMany(n => new[] { n, $"{n}:{service.Port}" }), "240.240.0.7", $"240.240.0.7:{service.Port}" },
            IncludeRequestAttemptCount = true,
        };
        host.Routes.AddRange(service.Routes.IsEmpty ? [ProxylessRoutes.To(service.Cluster())] : service.Routes);
        return new RouteConfiguration { Name = service.Cluster(), ValidateClusters = false, VirtualHosts = { host } };
    }

    private static Cluster Cluster(IstioMesh mesh, IstioService service, string name) => new()
    {
        Name = name,
        AltStatName = $"{name};",
        Type = Envoy.Config.Cluster.V3.Cluster.Types.DiscoveryType.Eds,
        EdsClusterConfig = new() { EdsConfig = Ads, ServiceName = name },
        CircuitBreakers = new CircuitBreakers { Thresholds = { new CircuitBreakers.Types.Thresholds { MaxRequests = 1000 } } },
        CommonLbConfig = service.SessionCookie.Length == 0
            ? new()
            : new() { OverrideHostStatus = new() { Statuses = { HealthStatus.Healthy, HealthStatus.Unknown, HealthStatus.Draining } } },
        TransportSocket = service.MutualTls ? IstioTls.Upstream(mesh, [.. service.Endpoints.Select(_ => $"spiffe://cluster.local/ns/default/sa/{service.Name}").Distinct()]) : null,
    };

    private static ClusterLoadAssignment Endpoints(IstioService service, string name)
    {
        var subset = name.Split('|')[2];
        var assignment = new ClusterLoadAssignment { ClusterName = name };
        var chosen = service.Endpoints.Where(e => subset.Length == 0 || e.Version == subset).ToArray();
        if (chosen.Length > 0)
        {
            assignment.Endpoints.Add(new LocalityLbEndpoints
            {
                Locality = new Locality(),
                LoadBalancingWeight = (uint)chosen.Length,
                LbEndpoints = { chosen.Select(Endpoint) },
            });
        }

        return assignment;
    }

    private static LbEndpoint Endpoint(IstioEndpoint endpoint) => new()
    {
        Endpoint = new Endpoint { Address = Socket(endpoint.Address.Address, endpoint.Address.Port) },
        LoadBalancingWeight = 1,
        Metadata = new Metadata
        {
            FilterMetadata =
            {
                ["istio"] = new Struct { Fields = { ["workload"] = Value.ForString($"{endpoint.Workload};default;{endpoint.Workload};{endpoint.Version};Kubernetes") } },
                ["envoy.transport_socket_match"] = new Struct { Fields = { ["tlsMode"] = Value.ForString("istio") } },
            },
        },
    };

    internal static Address Socket(IPAddress address, int port) => new() { SocketAddress = new SocketAddress { Address = address.ToString(), PortValue = (uint)port } };

    private static ConfigSource Ads => new() { Ads = new AggregatedConfigSource() };
}
