using Envoy.Config.Endpoint.V3;
using Envoy.Config.Rbac.V3;
using Envoy.Extensions.Filters.Http.Fault.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Tests.Resources;
using RbacFilter = Envoy.Extensions.Filters.Http.Rbac.V3.RBAC;

namespace ProxylessMesh.Xds.Tests.Mutations;

/// <summary>Good resources, from which mutations start.</summary>
internal static class MutationSeeds
{
    public static byte[][] Listeners => Bytes(IstioShapes.OutboundListener(), IstioShapes.OutboundListener(m => m.HttpFilters.Insert(0, Fault)), Tcp(), Inbound());

    public static byte[][] Routes => Bytes(IstioShapes.Routes(), IstioShapes.Routes(a => a.Timeout = Decoding.Seconds(1)));

    public static byte[][] Clusters => Bytes(IstioShapes.EdsCluster());

    /// <summary>Mostly a short list, and one that is long enough to be read by what changed.</summary>
    public static byte[][] Endpoints => Bytes(IstioShapes.Endpoints(), IstioShapes.Endpoints(), IstioShapes.Endpoints(), ManyEndpoints());

    public static byte[][] Secrets => Bytes(new Secret
    {
        Name = "ROOTCA",
        ValidationContext = new() { TrustedCa = new() { InlineBytes = ByteString.CopyFromUtf8("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n") } },
    });

    private static Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpFilter Fault => new()
    {
        Name = "envoy.filters.http.fault",
        TypedConfig = Any.Pack(new HTTPFault { Abort = new() { HttpStatus = 503, Percentage = new() { Numerator = 10 } }, Delay = new() { FixedDelay = Decoding.Seconds(1) } }),
    };

    private static RBAC Rules(params Permission[] all) => new()
    {
        Policies =
        {
            ["default-readers-0"] = new Policy
            {
                Permissions = { new Permission { AndRules = new() { Rules = { all } } } },
                Principals = { new Principal { NotId = new Principal { Authenticated = new() { PrincipalName = new() { Exact = IstioShapes.ReviewsIdentity } } } } },
            },
        },
    };

    private static Envoy.Config.Listener.V3.Listener Tcp()
    {
        var listener = IstioShapes.InboundListener();
        foreach (var chain in listener.FilterChains)
        {
            chain.Filters.Clear();
            chain.Filters.Add(new Envoy.Config.Listener.V3.Filter
            {
                Name = "envoy.filters.network.rbac",
                TypedConfig = Any.Pack(new Envoy.Extensions.Filters.Network.Rbac.V3.RBAC { StatPrefix = "tcp.", Rules = Rules(new Permission { DestinationPort = 80 }) }),
            });
            chain.Filters.Add(new Envoy.Config.Listener.V3.Filter
            {
                Name = "envoy.filters.network.tcp_proxy",
                TypedConfig = Any.Pack(new Envoy.Extensions.Filters.Network.TcpProxy.V3.TcpProxy { StatPrefix = "p", Cluster = "inbound|9080||" }),
            });
        }

        return listener;
    }

    private static Envoy.Config.Listener.V3.Listener Inbound()
    {
        var listener = IstioShapes.InboundListener();
        var rules = Rules(new Permission { UrlPath = new() { Path = new() { Prefix = "/a" } } }, new Permission { DestinationPort = 80 });
        var manager = IstioShapes.InboundManager();
        manager.HttpFilters.Insert(0, new() { Name = "envoy.filters.http.rbac", TypedConfig = Any.Pack(new RbacFilter { Rules = rules }) });
        listener.FilterChains[0].Filters[0].TypedConfig = Any.Pack(manager);
        return listener;
    }

    private static ClusterLoadAssignment ManyEndpoints()
    {
        var assignment = IstioShapes.Endpoints();
        assignment.Endpoints[0].LbEndpoints.AddRange(Enumerable.Range(1, 80).Select(i => IstioShapes.Endpoint($"10.0.0.{i}", 8080)));
        return assignment;
    }

    private static byte[][] Bytes(params IMessage[] messages) => [.. messages.Select(m => m.ToByteArray())];
}
