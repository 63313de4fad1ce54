using Envoy.Config.Cluster.V3;
using Envoy.Extensions.LoadBalancingPolicies.WrrLocality.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Translation;
using ClientTlsMode = ProxylessMesh.ControlPlane.Resources.ClientTlsMode;
using OutlierDetection = ProxylessMesh.ControlPlane.Resources.OutlierDetection;

namespace ProxylessMesh.ControlPlane.Tests.Translation;

public class ClusterTests
{
    private const string Name = "outbound|9080||reviews.default.svc.cluster.local";
    private const string V1 = "outbound|9080|v1|reviews.default.svc.cluster.local";
    private static readonly Service s_reviews = Mesh.Service("reviews");
    private static readonly JsonFormatter s_json = new(JsonFormatter.Settings.Default.WithTypeRegistry(TypeRegistry.FromMessages(UpstreamTlsContext.Descriptor)));

    [Fact]
    public void A_service_without_a_rule_has_the_mesh_defaults()
    {
        var cluster = Translate.Cluster(Mesh.Of(s_reviews), Mesh.Client(), Name)!;

        Assert.Equal(Cluster.Types.DiscoveryType.Eds, cluster.Type);
        Assert.Equal(Name, cluster.EdsClusterConfig.ServiceName);
        Assert.NotNull(cluster.EdsClusterConfig.EdsConfig.Ads);
        Assert.Equal(Cluster.Types.LbPolicy.LeastRequest, cluster.LbPolicy);
        Assert.Equal(new Duration { Seconds = 10 }, cluster.ConnectTimeout);
        Assert.Null(cluster.OutlierDetection);
        var limits = Assert.Single(cluster.CircuitBreakers.Thresholds);
        Assert.Equal((uint.MaxValue, uint.MaxValue), (limits.MaxRequests!.Value, limits.MaxRetries!.Value));
    }

    [Fact]
    public void Endpoints_in_the_mesh_get_mtls_as_far_as_each_can()
    {
        var model = Mesh.Of(
            Mesh.DestinationRule("r", "reviews", subsets: Mesh.Subset("v1", "version=v1")),
            s_reviews,
            Mesh.Workload("b", "app=reviews", "10.0.0.2", account: "reviews-b"),
            Mesh.Workload("a", "app=reviews", "10.0.0.1", account: "reviews-a"),
            Mesh.Workload("twin", "app=reviews", "10.0.0.3", account: "reviews-a"),
            Mesh.Workload("unproven", "app=reviews", "10.0.0.4", account: "mallory", authenticated: false));
        var cluster = Translate.Cluster(model, Mesh.Client(), V1)!;

        Assert.Null(cluster.TransportSocket);
        Assert.Equal(["tlsMode-istio", "tlsMode-disabled"], cluster.TransportSocketMatches.Select(m => m.Name));
        Assert.Equal("""{ "tlsMode": "istio" }""", s_json.Format(cluster.TransportSocketMatches[0].Match));
        Assert.Equal("{ }", s_json.Format(cluster.TransportSocketMatches[1].Match));
        Assert.Equal("envoy.transport_sockets.raw_buffer", cluster.TransportSocketMatches[1].TransportSocket.Name);
        Assert.Equal(
            """{ "name": "envoy.transport_sockets.tls", "typedConfig": { "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext", "commonTlsContext": { "combinedValidationContext": { "defaultValidationContext": { "matchSubjectAltNames": [ { "exact": "spiffe://cluster.local/ns/default/sa/reviews-a" }, { "exact": "spiffe://cluster.local/ns/default/sa/reviews-b" } ], "caCertificateProviderInstance": { "instanceName": "default", "certificateName": "ROOTCA" } } }, "tlsCertificateProviderInstance": { "instanceName": "default", "certificateName": "default" } }, "sni": "outbound_.9080_.v1_.reviews.default.svc.cluster.local" } }""",
            s_json.Format(cluster.TransportSocketMatches[0].TransportSocket));
    }

    [Fact]
    public void While_nobody_serves_only_the_services_namespace_may_answer()
    {
        var tls = Tls(Translate.Cluster(Mesh.Of(s_reviews), Mesh.Client(), Name)!.TransportSocketMatches[0].TransportSocket);

        Assert.Equal(
            "spiffe://cluster.local/ns/default/sa/",
            Assert.Single(tls.CommonTlsContext.CombinedValidationContext.DefaultValidationContext.MatchSubjectAltNames).Prefix);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a b")]
    public void A_service_account_that_is_no_part_of_an_id_is_nobodys(string account)
    {
        var model = Mesh.Of(s_reviews, Mesh.Workload("a", "app=reviews", "10.0.0.1", account: account));
        var names = Tls(Translate.Cluster(model, Mesh.Client(), Name)!.TransportSocketMatches[0].TransportSocket)
            .CommonTlsContext.CombinedValidationContext.DefaultValidationContext.MatchSubjectAltNames;

        Assert.Empty(Assert.Single(names).Exact);
    }

    [Theory]
    [InlineData(ClientTlsMode.Disable, ProxyProfile.Mesh, null)]
    [InlineData(ClientTlsMode.IstioMutual, ProxyProfile.Mesh, "envoy.transport_sockets.tls")]
    [InlineData(ClientTlsMode.Disable, ProxyProfile.Grpc, null)]
    [InlineData(ClientTlsMode.IstioMutual, ProxyProfile.Grpc, "envoy.transport_sockets.tls")]
    public void A_rule_that_says_how_is_obeyed(object mode, object profile, string? expected)
    {
        var model = Mesh.Of(s_reviews, Mesh.DestinationRule("r", "reviews", Mesh.Policy(tls: (ClientTlsMode)mode)));
        var cluster = Translate.Cluster(model, Mesh.Client(profile: (ProxyProfile)profile), Name)!;

        Assert.Equal(expected, cluster.TransportSocket?.Name);
        Assert.Empty(cluster.TransportSocketMatches);
    }

    [Theory]
    [InlineData(ServiceEntryLocation.MeshExternal, ServiceEntryResolution.Static, false)]
    [InlineData(ServiceEntryLocation.MeshExternal, ServiceEntryResolution.Dns, false)]
    [InlineData(ServiceEntryLocation.MeshInternal, ServiceEntryResolution.Static, true)]
    [InlineData(ServiceEntryLocation.MeshInternal, ServiceEntryResolution.Dns, true)]
    [InlineData(ServiceEntryLocation.MeshInternal, ServiceEntryResolution.None, false)]
    public void A_host_outside_the_mesh_gets_plaintext(object location, object resolution, bool mutualTls)
    {
        var model = Mesh.Of(Mesh.ServiceEntry("e", "api.example.com", (ServiceEntryResolution)resolution, (ServiceEntryLocation)location));
        var cluster = Translate.Cluster(model, Mesh.Client(), "outbound|80||api.example.com")!;

        Assert.Equal(mutualTls, cluster.TransportSocketMatches.Count > 0);
        Assert.Null(cluster.TransportSocket);
    }

    [Fact]
    public void A_dns_entry_holds_its_endpoints_and_is_its_own_when_it_lists_none()
    {
        var model = Mesh.Of(
            Mesh.ServiceEntry("e", "api.example.com", ServiceEntryResolution.Dns, port: Mesh.Port(80, target: 8080)),
            Mesh.ServiceEntry("f", "db.example.com", ServiceEntryResolution.Dns, endpoints: [Mesh.Endpoint("b.example.com", ports: "http=81"), Mesh.Endpoint("a.example.com")]));
        var own = Translate.Cluster(model, Mesh.Client(), "outbound|80||api.example.com")!;
        var listed = Translate.Cluster(model, Mesh.Client(), "outbound|80||db.example.com")!;

        Assert.Equal(Cluster.Types.DiscoveryType.StrictDns, own.Type);
        Assert.Equal((60L, true, Cluster.Types.DnsLookupFamily.V4Preferred), (own.DnsRefreshRate.Seconds, own.RespectDnsTtl, own.DnsLookupFamily));
        Assert.Equal("outbound|80||api.example.com", own.LoadAssignment.ClusterName);
        Assert.Equal(["api.example.com:8080"], Translate.Addresses(own.LoadAssignment));
        Assert.Equal(["a.example.com:80", "b.example.com:81"], Translate.Addresses(listed.LoadAssignment));
        Assert.Null(Translate.Endpoints(model, Mesh.Client(), "outbound|80||api.example.com"));
    }

    [Fact]
    public void A_round_robin_entry_is_one_name()
    {
        var model = Mesh.Of(
            Mesh.ServiceEntry("e", "api.example.com", ServiceEntryResolution.DnsRoundRobin),
            Mesh.ServiceEntry("f", "db.example.com", ServiceEntryResolution.DnsRoundRobin, endpoints: [Mesh.Endpoint("b.example.com")]));
        var own = Translate.Cluster(model, Mesh.Client(), "outbound|80||api.example.com")!;
        var listed = Translate.Cluster(model, Mesh.Client(), "outbound|80||db.example.com")!;

        Assert.Equal([Cluster.Types.DiscoveryType.LogicalDns, Cluster.Types.DiscoveryType.LogicalDns], [own.Type, listed.Type]);
        Assert.Equal(["api.example.com:80"], Translate.Addresses(own.LoadAssignment));
        Assert.Equal(["b.example.com:80"], Translate.Addresses(listed.LoadAssignment));
    }

    [Fact]
    public void An_entry_without_resolution_passes_through()
    {
        var cluster = Translate.Cluster(
            Mesh.Of(Mesh.ServiceEntry("e", "*.example.com", ServiceEntryResolution.None)), Mesh.Client(), "outbound|80||*.example.com")!;

        Assert.Equal(Cluster.Types.DiscoveryType.OriginalDst, cluster.Type);
        Assert.Equal(Cluster.Types.LbPolicy.ClusterProvided, cluster.LbPolicy);
    }

    [Fact]
    public void Outlier_detection_has_Istios_defaults_and_no_panic()
    {
        var cluster = Outlier(new OutlierDetection(null, null, null, null, null, Mesh.At));
        var detection = cluster.OutlierDetection;

        Assert.Equal((5u, 100u, 0u), (detection.Consecutive5Xx!.Value, detection.EnforcingConsecutive5Xx!.Value, detection.EnforcingSuccessRate!.Value));
        Assert.Equal((10L, 30L, 10u), (detection.Interval.Seconds, detection.BaseEjectionTime.Seconds, detection.MaxEjectionPercent!.Value));
        Assert.Null(detection.ConsecutiveGatewayFailure);
        Assert.Equal(0, cluster.CommonLbConfig.HealthyPanicThreshold.Value);
    }

    [Fact]
    public void Outlier_detection_is_sent_as_said()
    {
        var detection = Outlier(new OutlierDetection(0, 3, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), 100, Mesh.At)).OutlierDetection;

        Assert.Equal((0u, 0u), (detection.Consecutive5Xx!.Value, detection.EnforcingConsecutive5Xx!.Value));
        Assert.Equal((3u, 100u), (detection.ConsecutiveGatewayFailure!.Value, detection.EnforcingConsecutiveGatewayFailure!.Value));
        Assert.Equal((1L, 2L, 100u), (detection.Interval.Seconds, detection.BaseEjectionTime.Seconds, detection.MaxEjectionPercent!.Value));
    }

    [Theory]
    [InlineData(Name, 9080, Cluster.Types.LbPolicy.RoundRobin, 1)]
    [InlineData(V1, 9080, Cluster.Types.LbPolicy.Random, 1)]
    [InlineData("outbound|9081||reviews.default.svc.cluster.local", 9081, Cluster.Types.LbPolicy.LeastRequest, 2)]
    [InlineData("outbound|9081|v1|reviews.default.svc.cluster.local", 9081, Cluster.Types.LbPolicy.Random, 2)]
    [InlineData("outbound|9081|v2|reviews.default.svc.cluster.local", 9081, Cluster.Types.LbPolicy.LeastRequest, 10)]
    public void A_subset_overrides_block_by_block_and_a_port_replaces_all_blocks(string name, int port, object balancer, long connectSeconds)
    {
        var model = Mesh.Of(
            Mesh.Service("reviews", ports: [Mesh.Port(9080), Mesh.Port(9081, "other")]),
            Mesh.DestinationRule(
                "r",
                "reviews",
                Mesh.Policy(SimpleLoadBalancer.RoundRobin, TimeSpan.FromSeconds(1), ports: Level(9081, Mesh.Policy(connectTimeout: TimeSpan.FromSeconds(2)))),
                "",
                Mesh.Subset("v1", "version=v1", Mesh.Policy(SimpleLoadBalancer.Random)),
                Mesh.Subset("v2", "version=v2", Mesh.Policy(SimpleLoadBalancer.Random, ports: Level(9081, Mesh.Policy())))));
        var cluster = Translate.Cluster(model, Mesh.Client(), name)!;

        Assert.Contains($"|{port}|", name, StringComparison.Ordinal);
        Assert.Equal(balancer, cluster.LbPolicy);
        Assert.Equal(connectSeconds, cluster.ConnectTimeout.Seconds);

        static PortTrafficPolicy Level(int number, TrafficPolicy policy) => new(number, policy, Mesh.At);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(SimpleLoadBalancer.Random)]
    [InlineData(SimpleLoadBalancer.RoundRobin)]
    public void Grpc_gets_exactly_what_Istio_sends_it(object? balancer)
    {
        var policy = Mesh.Policy((SimpleLoadBalancer?)balancer, TimeSpan.FromSeconds(1), new OutlierDetection(1, 1, null, null, null, Mesh.At));
        var model = Mesh.Of(s_reviews, Mesh.DestinationRule("r", "reviews", policy));
        var cluster = Translate.Cluster(model, Mesh.Client(profile: ProxyProfile.Grpc), Name)!;

        Assert.Equal(
            $$"""{ "name": "{{Name}}", "type": "EDS", "edsClusterConfig": { "edsConfig": { "ads": { }, "resourceApiVersion": "V3" }, "serviceName": "{{Name}}" } }""",
            s_json.Format(cluster));
    }

    /// <summary>C-core refuses a cluster whose lb_policy it does not know; of a list it takes what it knows (gRFC A52).</summary>
    [Fact]
    public void Grpc_may_take_round_robin_where_least_request_is_asked_for()
    {
        var model = Mesh.Of(s_reviews, Mesh.DestinationRule("r", "reviews", Mesh.Policy(SimpleLoadBalancer.LeastRequest)));
        var cluster = Translate.Cluster(model, Mesh.Client(profile: ProxyProfile.Grpc), Name)!;

        Assert.Equal(Cluster.Types.LbPolicy.RoundRobin, cluster.LbPolicy);
        var locality = cluster.LoadBalancingPolicy.Policies.Single().TypedExtensionConfig.TypedConfig.Unpack<WrrLocality>();
        Assert.Equal(
            ["envoy.load_balancing_policies.least_request", "envoy.load_balancing_policies.round_robin"],
            locality.EndpointPickingPolicy.Policies.Select(p => p.TypedExtensionConfig.Name));
    }

    [Fact]
    public void Grpc_gets_the_provider_instances_in_old_and_new_fields()
    {
        var model = Mesh.Of(s_reviews, Mesh.DestinationRule("r", "reviews", Mesh.Policy(tls: ClientTlsMode.IstioMutual)));
        var common = Tls(Translate.Cluster(model, Mesh.Client(profile: ProxyProfile.Grpc), Name)!.TransportSocket).CommonTlsContext;

        Assert.Equal("default", common.TlsCertificateProviderInstance.CertificateName);
        Assert.Equal("default", common.TlsCertificateCertificateProviderInstance.CertificateName);
        Assert.Equal("ROOTCA", common.CombinedValidationContext.ValidationContextCertificateProviderInstance.CertificateName);
        Assert.Equal("ROOTCA", common.CombinedValidationContext.DefaultValidationContext.CaCertificateProviderInstance.CertificateName);
    }

    [Fact]
    public void A_service_that_the_client_does_not_see_has_no_cluster()
    {
        var model = Mesh.Of(Mesh.ServiceEntry("prod/e", "api.example.com", exportTo: "."));

        Assert.Null(Translate.Cluster(model, Mesh.Client(), "outbound|80||api.example.com"));
        Assert.NotNull(Translate.Cluster(model, Mesh.Client("prod"), "outbound|80||api.example.com"));
    }

    private static Cluster Outlier(OutlierDetection detection) => Translate.Cluster(
        Mesh.Of(s_reviews, Mesh.DestinationRule("r", "reviews", Mesh.Policy(outlier: detection))), Mesh.Client(), Name)!;

    private static UpstreamTlsContext Tls(Envoy.Config.Core.V3.TransportSocket socket) => socket.TypedConfig.Unpack<UpstreamTlsContext>();
}
