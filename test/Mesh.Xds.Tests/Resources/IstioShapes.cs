using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Envoy.Type.Matcher.V3;
using Google.Protobuf.WellKnownTypes;
using HttpFilter = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpFilter;

namespace ProxylessMesh.Xds.Tests.Resources;

/// <summary>Resources in the shapes that Istio and this mesh's control plane send, for tests to take apart.</summary>
internal static class IstioShapes
{
    public const string Reviews = "outbound|9080||reviews.default.svc.cluster.local";
    public const string ReviewsV1 = "outbound|9080|v1|reviews.default.svc.cluster.local";
    public const string ReviewsIdentity = "spiffe://cluster.local/ns/default/sa/bookinfo-reviews";

    public static ConfigSource Ads { get; } = new() { Ads = new AggregatedConfigSource() };

    public static HttpFilter Router => new() { Name = "envoy.filters.http.router", TypedConfig = Any.Pack(new Router()) };

    public static HttpConnectionManager OutboundManager() => new()
    {
        StatPrefix = "outbound",
        Rds = new Rds { RouteConfigName = Reviews, ConfigSource = Ads },
        HttpFilters = { Router },
    };

    public static Listener OutboundListener(Action<HttpConnectionManager>? change = null)
    {
        var manager = OutboundManager();
        change?.Invoke(manager);
        return new Listener { Name = "reviews:9080", ApiListener = new ApiListener { ApiListener_ = Any.Pack(manager) } };
    }

    /// <summary>As Istio's proxyless generator writes it: no name on the virtual host, an empty non-forwarding action.</summary>
    public static HttpConnectionManager InboundManager() => new()
    {
        RouteConfig = new RouteConfiguration
        {
            Name = "inbound",
            VirtualHosts =
            {
                new VirtualHost
                {
                    Domains = { "*" },
                    Routes = { new Route { Match = new RouteMatch { Prefix = "/" }, NonForwardingAction = new NonForwardingAction() } },
                },
            },
        },
        HttpFilters = { Router },
    };

    public static FilterChain InboundChain(string name, string? transportProtocol, TransportSocket? socket, HttpConnectionManager? manager = null) => new()
    {
        Name = name,
        FilterChainMatch = transportProtocol is null ? null : new FilterChainMatch { TransportProtocol = transportProtocol },
        TransportSocket = socket,
        Filters = { new Filter { Name = "inbound-hcm", TypedConfig = Any.Pack(manager ?? InboundManager()) } },
    };

    /// <summary>PERMISSIVE in the mesh profile: TLS and plaintext on one port.</summary>
    public static Listener InboundListener() => new()
    {
        Name = "xds.istio.io/grpc/lds/inbound/0.0.0.0:9080",
        Address = Socket("0.0.0.0", 9080),
        TrafficDirection = TrafficDirection.Inbound,
        ListenerFilters = { new ListenerFilter { Name = "envoy.filters.listener.tls_inspector" } },
        FilterChains =
        {
            InboundChain("inbound-mtls", "tls", TlsSocket(DownstreamTls())),
            InboundChain("inbound-plaintext", "raw_buffer", null),
        },
    };

    public static DownstreamTlsContext DownstreamTls() => new()
    {
        CommonTlsContext = CommonTls(),
        RequireClientCertificate = true,
    };

    public static UpstreamTlsContext UpstreamTls()
    {
        var tls = new UpstreamTlsContext { CommonTlsContext = CommonTls() };
        tls.CommonTlsContext.CombinedValidationContext.DefaultValidationContext.MatchSubjectAltNames.Add(
            new StringMatcher { Exact = ReviewsIdentity });
        return tls;
    }

    /// <summary>Provider instances in the new and in the deprecated fields, as Istio sends both.</summary>
    public static CommonTlsContext CommonTls() => new()
    {
        TlsCertificateProviderInstance = new() { InstanceName = "default", CertificateName = "default" },
        TlsCertificateCertificateProviderInstance = new() { InstanceName = "default", CertificateName = "default" },
        CombinedValidationContext = new()
        {
            DefaultValidationContext = new()
            {
                CaCertificateProviderInstance = new() { InstanceName = "default", CertificateName = "ROOTCA" },
            },
            ValidationContextCertificateProviderInstance = new() { InstanceName = "default", CertificateName = "ROOTCA" },
        },
    };

    public static TransportSocket TlsSocket(UpstreamTlsContext tls) => new() { Name = "envoy.transport_sockets.tls", TypedConfig = Any.Pack(tls) };

    public static TransportSocket TlsSocket(DownstreamTlsContext tls) => new() { Name = "envoy.transport_sockets.tls", TypedConfig = Any.Pack(tls) };

    public static RouteConfiguration Routes(Action<RouteAction>? change = null)
    {
        var action = new RouteAction
        {
            WeightedClusters = new WeightedCluster
            {
                Clusters =
                {
                    new WeightedCluster.Types.ClusterWeight { Name = ReviewsV1, Weight = 90 },
                    new WeightedCluster.Types.ClusterWeight { Name = Reviews, Weight = 10 },
                },
            },
            MaxStreamDuration = new() { MaxStreamDuration_ = new Duration() },
            RetryPolicy = new RetryPolicy
            {
                RetryOn = "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes",
                NumRetries = 2,
                RetryHostPredicate = { new RetryPolicy.Types.RetryHostPredicate { Name = "envoy.retry_host_predicates.previous_hosts" } },
                HostSelectionRetryMaxAttempts = 5,
                RetriableStatusCodes = { 503 },
            },
        };
        change?.Invoke(action);
        return new RouteConfiguration
        {
            Name = Reviews,
            ValidateClusters = false,
            VirtualHosts =
            {
                new VirtualHost
                {
                    Name = "reviews.default.svc.cluster.local:9080",
                    Domains = { "reviews.default.svc.cluster.local", "reviews.default.svc.cluster.local:9080", "Reviews", "Reviews:9080" },
                    IncludeRequestAttemptCount = true,
                    Routes = { new Route { Name = "default", Match = new RouteMatch { Prefix = "/" }, Route_ = action } },
                },
            },
        };
    }

    public static Cluster EdsCluster() => new()
    {
        Name = ReviewsV1,
        Type = Cluster.Types.DiscoveryType.Eds,
        EdsClusterConfig = new() { EdsConfig = Ads, ServiceName = ReviewsV1 },
        ConnectTimeout = Decoding.Seconds(10),
        LbPolicy = Cluster.Types.LbPolicy.LeastRequest,
        CircuitBreakers = new CircuitBreakers { Thresholds = { new CircuitBreakers.Types.Thresholds { MaxRequests = uint.MaxValue, TrackRemaining = true } } },
        OutlierDetection = new OutlierDetection { Consecutive5Xx = 3, EnforcingConsecutive5Xx = 100, EnforcingSuccessRate = 0, MaxEjectionPercent = 50 },
        TransportSocketMatches =
        {
            new Cluster.Types.TransportSocketMatch { Name = "tlsMode-istio", Match = TlsMode(), TransportSocket = TlsSocket(UpstreamTls()) },
            new Cluster.Types.TransportSocketMatch
            {
                Name = "tlsMode-disabled",
                Match = new Struct(),
                TransportSocket = new TransportSocket { Name = "envoy.transport_sockets.raw_buffer" },
            },
        },
    };

    public static ClusterLoadAssignment Endpoints() => new()
    {
        ClusterName = ReviewsV1,
        Endpoints =
        {
            new LocalityLbEndpoints
            {
                Locality = new Locality { Region = "eu", Zone = "eu-1", SubZone = "a" },
                LoadBalancingWeight = 2,
                LbEndpoints = { Endpoint("127.0.0.1", 20001), Endpoint("127.0.0.1", 20002) },
            },
        },
    };

    public static LbEndpoint Endpoint(string address, uint port) => new()
    {
        Endpoint = new Endpoint { Address = Socket(address, port) },
        HealthStatus = HealthStatus.Healthy,
        LoadBalancingWeight = 1,
        Metadata = new Metadata { FilterMetadata = { ["envoy.transport_socket_match"] = TlsMode() } },
    };

    public static Address Socket(string address, uint port) => new() { SocketAddress = new SocketAddress { Address = address, PortValue = port } };

    private static Struct TlsMode() => new() { Fields = { ["tlsMode"] = Value.ForString("istio") } };
}
