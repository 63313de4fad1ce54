using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;

namespace ProxylessMesh.Xds.Tests.Resources;

/// <summary>What Istio and our own control plane send becomes exactly these records.</summary>
public sealed class IstioShapeTests
{
    private static readonly RouterFilterConfig Router = new("envoy.filters.http.router");

    private static readonly EquatableMap TlsMode = EquatableMap.From([KeyValuePair.Create("tlsMode", "istio")]);

    [Fact]
    public void Outbound_listener() => Assert.Equal(
        new OutboundListenerConfig("reviews:9080", new HttpConnectionConfig(IstioShapes.Reviews, null, [Router])),
        Decode(ResourceKinds.Listener, IstioShapes.OutboundListener()));

    [Fact]
    public void Inbound_listener()
    {
        var routes = new RouteConfig("inbound", [new VirtualHostConfig("", ["*"], [new RouteEntryConfig(
            "",
            new RouteMatchConfig(new PathMatchConfig(PathMatchKind.Prefix, "/"), [], [], null),
            NonForwardingActionConfig.Instance)])]);
        var http = new HttpConnectionConfig(null, routes, [Router]);

        Assert.Equal(
            new InboundListenerConfig(
                "xds.istio.io/grpc/lds/inbound/0.0.0.0:9080",
                "0.0.0.0",
                9080,
                [
                    new FilterChainConfig("inbound-mtls", TransportMatch.Tls, new DownstreamTlsConfig("default", "default", true), http),
                    new FilterChainConfig("inbound-plaintext", TransportMatch.Plaintext, null, http),
                ],
                null),
            Decode(ResourceKinds.Listener, IstioShapes.InboundListener()));
    }

    [Fact]
    public void Routes() => Assert.Equal(
        new RouteConfig(IstioShapes.Reviews, [new VirtualHostConfig(
            "reviews.default.svc.cluster.local:9080",
            ["reviews.default.svc.cluster.local", "reviews.default.svc.cluster.local:9080", "reviews", "reviews:9080"],
            [new RouteEntryConfig(
                "default",
                new RouteMatchConfig(new PathMatchConfig(PathMatchKind.Prefix, "/"), [], [], null),
                new ForwardActionConfig(
                    [new WeightedClusterConfig(IstioShapes.ReviewsV1, 90), new WeightedClusterConfig(IstioShapes.Reviews, 10)],
                    null,
                    new RetryPolicyConfig(
                        RetryConditions.ConnectFailure | RetryConditions.RefusedStream | RetryConditions.GrpcUnavailable
                            | RetryConditions.GrpcCancelled | RetryConditions.RetriableStatusCodes,
                        [503],
                        2,
                        null,
                        TimeSpan.FromMilliseconds(25),
                        TimeSpan.FromMilliseconds(250),
                        AvoidPreviousHosts: true) { HostSelectionAttempts = 5 })
                {
                    OwnStreamDuration = true,
                    AttemptCountInRequest = true,
                })])]),
        Decode(ResourceKinds.Route, IstioShapes.Routes()));

    [Fact]
    public void Cluster() => Assert.Equal(
        new ClusterConfig(
            IstioShapes.ReviewsV1,
            ClusterDiscovery.Eds,
            IstioShapes.ReviewsV1,
            null,
            new LoadBalancingConfig(LoadBalancingPolicy.LeastRequest) { PanicThresholdPercent = 50 },
            TimeSpan.FromSeconds(10),
            new OutlierDetectionConfig(3, 0, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(300), 50),
            null,
            [
                new TlsMatchConfig("tlsMode-istio", TlsMode, new UpstreamTlsConfig(
                    "default", "default", [new StringMatchConfig(StringMatchKind.Exact, IstioShapes.ReviewsIdentity)], "", [])),
                new TlsMatchConfig("tlsMode-disabled", EquatableMap.Empty, null),
            ])
        {
            CircuitBreakers = new CircuitBreakerConfig(1024, 1024, int.MaxValue, 3),
        },
        Decode(ResourceKinds.Cluster, IstioShapes.EdsCluster()));

    [Fact]
    public void Endpoints() => Assert.Equal(
        new EndpointsConfig(IstioShapes.ReviewsV1, [new LocalityConfig(
            new LocalityId("eu", "eu-1", "a"),
            2,
            0,
            [
                new EndpointConfig("127.0.0.1", 20001, 1, EndpointHealth.Healthy, TlsMode),
                new EndpointConfig("127.0.0.1", 20002, 1, EndpointHealth.Healthy, TlsMode),
            ])]),
        Decode(ResourceKinds.Endpoints, IstioShapes.Endpoints()));
}
