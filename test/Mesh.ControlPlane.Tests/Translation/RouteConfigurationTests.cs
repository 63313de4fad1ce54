using Envoy.Config.Route.V3;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Translation;

namespace ProxylessMesh.ControlPlane.Tests.Translation;

public class RouteConfigurationTests
{
    private const string Name = "outbound|9080||reviews.default.svc.cluster.local";
    private static readonly Service s_reviews = Mesh.Service("reviews");

    [Fact]
    public void A_host_is_known_by_all_its_names_with_and_without_port()
    {
        var host = Assert.Single(Translate.Routes(Mesh.Of(s_reviews), Mesh.Client(), Name)!.VirtualHosts);

        Assert.Equal("reviews.default.svc.cluster.local:9080", host.Name);
        Assert.Equal(
            [
                "reviews.default.svc.cluster.local", "reviews.default.svc.cluster.local:9080",
                "reviews.default.svc.cluster.local.", "reviews.default.svc.cluster.local.:9080",
                "reviews", "reviews:9080",
                "reviews.default.svc", "reviews.default.svc:9080",
                "reviews.default", "reviews.default:9080",
            ],
            host.Domains);
    }

    [Fact]
    public void Another_namespace_gets_no_bare_name() =>
        Assert.DoesNotContain("reviews", Translate.Routes(Mesh.Of(s_reviews), Mesh.Client("prod"), Name)!.VirtualHosts[0].Domains);

    [Fact]
    public void An_alias_does_not_take_the_name_of_another_host()
    {
        var model = Mesh.Of(s_reviews, Mesh.ServiceEntry("e", "reviews.default"));

        Assert.DoesNotContain("reviews.default", Translate.Routes(model, Mesh.Client(), Name)!.VirtualHosts[0].Domains);
    }

    [Fact]
    public void A_host_of_a_service_entry_has_only_its_own_name()
    {
        var model = Mesh.Of(Mesh.ServiceEntry("e", "*.example.com"));
        var domains = Translate.Routes(model, Mesh.Client(), "outbound|80||*.example.com")!.VirtualHosts[0].Domains;

        Assert.Equal(["*.example.com", "*.example.com:80", "*.example.com.", "*.example.com.:80"], domains);
    }

    [Theory]
    [InlineData("outbound|9081||reviews.default.svc.cluster.local")]
    [InlineData("outbound|9080|v1|reviews.default.svc.cluster.local")]
    [InlineData("outbound|9080||reviews")]
    [InlineData("outbound|09080||reviews.default.svc.cluster.local")]
    [InlineData("inbound|9080||reviews.default.svc.cluster.local")]
    [InlineData("outbound|9080||reviews.default.svc.cluster.local|x")]
    [InlineData("outbound|99999999999||reviews.default.svc.cluster.local")]
    [InlineData("outbound|-1||")]
    [InlineData("|||")]
    [InlineData("")]
    public void A_name_that_means_nothing_is_null(string name) => Assert.Null(Translate.Routes(Mesh.Of(s_reviews), Mesh.Client(), name));

    [Fact]
    public void Without_a_virtual_service_everything_goes_to_the_hosts_own_cluster()
    {
        var route = Assert.Single(Routes([]));

        Assert.Equal("default", route.Name);
        Assert.Equal("/", route.Match.Prefix);
        Assert.Equal(Name, route.Route_.Cluster);
        Assert.Equal(new Duration(), route.Route_.Timeout);
        Assert.Equal(2u, route.Route_.RetryPolicy.NumRetries);
    }

    [Fact]
    public void Each_match_becomes_a_route_and_a_catch_all_ends_the_list()
    {
        var routes = Routes(
            [
                Mesh.Route("reviews:v2", "jason", matches:
                [
                    Mesh.Match("header", headers: [Mesh.Named("end-user", Mesh.Exact("jason"))]),
                    Mesh.Match("path", Mesh.Prefix("/jason")),
                ]),
                Mesh.Route("reviews:v1", "rest"),
                Mesh.Route("reviews:v3", "never"),
            ]);

        Assert.Equal(["jason.header", "jason.path", "rest"], routes.Select(r => r.Name));
        Assert.Equal("outbound|9080|v1|reviews.default.svc.cluster.local", routes[2].Route_.Cluster);
    }

    [Fact]
    public void Routes_name_their_virtual_service_and_attempts_are_counted_in_the_mesh_alone()
    {
        var model = Mesh.Of(s_reviews, Mesh.VirtualService("shop/routes", "reviews.default.svc.cluster.local", http: Mesh.Route("reviews.default.svc.cluster.local")));
        var host = Translate.Routes(model, Mesh.Client(), Name)!.VirtualHosts[0];
        var grpc = Translate.Routes(model, Mesh.Client(profile: ProxyProfile.Grpc), Name)!.VirtualHosts[0];

        Assert.Equal(
            "/apis/networking.istio.io/v1/namespaces/shop/virtual-service/routes", host.Routes[0].Metadata.FilterMetadata["istio"].Fields["config"].StringValue);
        Assert.Equal((true, false), (host.IncludeRequestAttemptCount, grpc.IncludeRequestAttemptCount));
        Assert.Null(grpc.Routes[0].Metadata);
    }

    [Fact]
    public void A_catch_all_match_ends_the_list_within_its_route_too()
    {
        var routes = Routes([Mesh.Route("reviews", "a", matches: [Mesh.Match("all", Mesh.Prefix("/")), Mesh.Match("late", Mesh.Exact("/x"))]), Mesh.Route("reviews", "b")]);

        Assert.Equal(["a.all"], routes.Select(r => r.Name));
    }

    [Theory]
    [InlineData("app=web", "default", null, "", "", "mine")]
    [InlineData("app=web", "default", null, "app=web", "", "mine")]
    [InlineData("app=web", "default", null, "app=other", "", "rest")]
    [InlineData("", "default", null, "app=web", "", "rest")]
    [InlineData("", "prod", "prod", "", "", "mine")]
    [InlineData("", "default", "prod", "", "", "rest")]
    [InlineData("", "default", null, "", "mesh", "mine")]
    [InlineData("", "default", null, "", "ingress", "rest")]
    public void Matches_on_the_client_are_settled_here(string labels, string ns, string? sourceNamespace, string sourceLabels, string gateways, string expected)
    {
        var match = Mesh.Match(uri: Mesh.Prefix("/x"), sourceNamespace: sourceNamespace, sourceLabels: sourceLabels, gateways: gateways);
        var routes = Routes([Mesh.Route("reviews", "mine", matches: match), Mesh.Route("reviews", "rest")], Mesh.Client(ns, labels));

        Assert.Equal(expected, routes[0].Name);
        Assert.Empty(routes[0].Match.Headers);
    }

    [Theory]
    [InlineData(9080, "mine")]
    [InlineData(80, "rest")]
    public void A_match_on_another_port_is_left_out(int port, string expected) =>
        Assert.Equal(expected, Routes([Mesh.Route("reviews", "mine", matches: Mesh.Match(port: port)), Mesh.Route("reviews", "rest")])[0].Name);

    [Fact]
    public void The_next_virtual_service_owns_the_host_when_the_first_has_no_route_for_this_client()
    {
        var model = Mesh.Of(
            s_reviews,
            Mesh.VirtualService("a", "reviews", http: Mesh.Route("reviews", "a", matches: Mesh.Match(sourceLabels: "app=x"))),
            Mesh.VirtualService("b", "reviews", http: Mesh.Route("reviews", "b")));

        Assert.Equal("b", Assert.Single(Translate.Routes(model, Mesh.Client(), Name)!.VirtualHosts[0].Routes).Name);
        Assert.Equal("a", Assert.Single(Translate.Routes(model, Mesh.Client(labels: "app=x"), Name)!.VirtualHosts[0].Routes).Name);
    }

    [Fact]
    public void When_none_has_a_route_for_this_client_the_default_route_stands()
    {
        var route = Assert.Single(Routes([Mesh.Route("reviews", matches: Mesh.Match(sourceLabels: "app=x"))]));

        Assert.Equal("default", route.Name);
    }

    [Fact]
    public void Http_routes_do_not_steer_a_tcp_port()
    {
        var model = Mesh.Of(
            Mesh.Service("reviews", ports: Mesh.Port(9080, protocol: PortProtocol.Tcp)),
            Mesh.VirtualService("v", "reviews", http: Mesh.Route("reviews:v1", "steered")));

        Assert.Equal("default", Translate.Routes(model, Mesh.Client(), Name)!.VirtualHosts[0].Routes[0].Name);
    }

    [Theory]
    [InlineData("reviews:v1", "outbound|9080|v1|reviews.default.svc.cluster.local")]
    [InlineData("ratings", "outbound|8080||ratings.default.svc.cluster.local")]
    [InlineData("ratings@9", "outbound|9||ratings.default.svc.cluster.local")]
    [InlineData("gone", "outbound|9080||gone.default.svc.cluster.local")]
    [InlineData("two", "outbound|9080||two.default.svc.cluster.local")]
    [InlineData("reviews.default", "outbound|9080||reviews.default")]
    [InlineData("api.example.com", "outbound|80||api.example.com")]
    public void A_destination_is_a_cluster_whether_it_exists_or_not(string destination, string expected)
    {
        var model = Mesh.Of(
            s_reviews,
            Mesh.Service("ratings", ports: Mesh.Port(8080)),
            Mesh.Service("two", ports: [Mesh.Port(1), Mesh.Port(2, "b")]),
            Mesh.ServiceEntry("e", "api.example.com"),
            Mesh.VirtualService("v", "reviews", http: Mesh.Route(destination)));

        Assert.Equal(expected, Translate.Routes(model, Mesh.Client(), Name)!.VirtualHosts[0].Routes[0].Route_.Cluster);
    }

    [Fact]
    public void A_destination_that_does_not_exist_has_no_cluster()
    {
        Assert.Null(Translate.Cluster(Mesh.Of(s_reviews), Mesh.Client(), "outbound|9080||gone.default.svc.cluster.local"));
        Assert.Null(Translate.Cluster(Mesh.Of(s_reviews), Mesh.Client(), "outbound|9080|v1|reviews.default.svc.cluster.local"));
        Assert.Null(Translate.Endpoints(Mesh.Of(s_reviews), Mesh.Client(), "outbound|9080|v1|reviews.default.svc.cluster.local"));
    }

    [Theory]
    [InlineData("reviews:v1=90 reviews:v2=10", "v1=90,v2=10")]
    [InlineData("reviews:v1=100 reviews:v2=0", "v1=100")]
    [InlineData("reviews:v1=0 reviews:v2=0", "v1=1,v2=1")]
    [InlineData("reviews:v1=2147483647 reviews:v2=2147483647 reviews:v3=2147483647", "v1=536870911,v2=536870911,v3=536870911")]
    public void Weights_are_shares_and_zero_is_none(string destinations, string expected)
    {
        var clusters = Routes([Mesh.Route(destinations)])[0].Route_.WeightedClusters.Clusters;

        Assert.True(clusters.Sum(c => (long)c.Weight!.Value) <= uint.MaxValue);
        Assert.Equal(expected, string.Join(',', clusters.Select(c => $"{c.Name.Split('|')[2]}={c.Weight}")));
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData(0, 0)]
    [InlineData(3, 3)]
    public void A_timeout_is_the_routes_in_the_mesh_and_the_streams_in_grpc(int? seconds, long expected)
    {
        HttpRoute[] http = [Mesh.Route("reviews", timeout: seconds is { } s ? TimeSpan.FromSeconds(s) : null)];

        Assert.Equal(new Duration { Seconds = expected }, Routes(http)[0].Route_.Timeout);
        var grpc = Routes(http, Mesh.Client(profile: ProxyProfile.Grpc))[0].Route_;
        Assert.Equal(new Duration { Seconds = expected }, grpc.MaxStreamDuration.MaxStreamDuration_);
        Assert.Null(grpc.Timeout);
    }

    private static RepeatedField<Route> Routes(HttpRoute[] http, ProxyView? client = null)
    {
        var model = http.Length == 0 ? Mesh.Of(s_reviews) : Mesh.Of(s_reviews, Mesh.VirtualService("v", "reviews", http: http));
        return Translate.Routes(model, client ?? Mesh.Client(), Name)!.VirtualHosts[0].Routes;
    }
}
