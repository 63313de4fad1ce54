using Envoy.Config.Cluster.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.LoadBalancingPolicies.ClientSideWeightedRoundRobin.V3;
using Envoy.Extensions.LoadBalancingPolicies.WrrLocality.V3;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Translation;
using LbPolicy = Envoy.Config.Cluster.V3.Cluster.Types.LbPolicy;
using OutlierDetection = ProxylessMesh.ControlPlane.Resources.OutlierDetection;

namespace ProxylessMesh.ControlPlane.Tests.Translation;

public class LoadBalancingTests
{
    private const string Name = "outbound|9080||reviews.default.svc.cluster.local";
    private static readonly OutlierDetection s_outliers = new(null, null, null, null, null, Mesh.At);

    private static readonly ConsistentHash s_cookie = new(ConsistentHashKey.Cookie, "user", Maglev: true, Size: 251)
    {
        CookieTtl = TimeSpan.FromHours(1),
        CookiePath = "/",
        CookieAttributes = [new("Secure", "")],
    };

    [Fact]
    public void Maglev_for_our_clients_is_a_ring_for_gRPC()
    {
        var model = Rule(Hashed(s_cookie));
        var ours = Translate.Cluster(model, Mesh.Client(), Name)!;
        var grpc = Translate.Cluster(model, Mesh.Client(profile: ProxyProfile.Grpc), Name)!;

        Assert.Equal((LbPolicy.Maglev, 251ul), (ours.LbPolicy, ours.MaglevLbConfig.TableSize));
        Assert.Equal((LbPolicy.RingHash, 1024ul), (grpc.LbPolicy, grpc.RingHashLbConfig.MinimumRingSize));
    }

    [Fact]
    public void What_is_hashed_stands_on_the_route_and_retries_stay_on_their_host()
    {
        var action = Action(Rule(Hashed(s_cookie)));

        var cookie = Assert.Single(action.HashPolicy).Cookie;
        Assert.Equal(("user", "/", 3600), (cookie.Name, cookie.Path, cookie.Ttl.Seconds));
        Assert.Equal("Secure", Assert.Single(cookie.Attributes).Name);
        Assert.Empty(action.RetryPolicy.RetryHostPredicate);
        Assert.NotEmpty(Action(Mesh.Of(Mesh.Service("reviews"))).RetryPolicy.RetryHostPredicate);
    }

    [Fact]
    public void Weights_by_reports_are_a_policy_of_their_own_inside_localities_for_gRPC()
    {
        var model = Rule(new LoadBalancer(SimpleLoadBalancer.LeastRequest, Mesh.At)
        {
            BackendUtilization = new(TimeSpan.FromSeconds(5), null, null, 150, ["named_metrics.queue"]),
            Warmup = new Warmup(TimeSpan.FromSeconds(60), null, null),
        });
        var ours = Translate.Cluster(model, Mesh.Client(), Name)!;
        var grpc = Translate.Cluster(model, Mesh.Client(profile: ProxyProfile.Grpc), Name)!;

        var policy = Assert.Single(ours.LoadBalancingPolicy.Policies).TypedExtensionConfig.TypedConfig.Unpack<ClientSideWeightedRoundRobin>();
        Assert.Equal((5, 1.5f, 60), (policy.BlackoutPeriod.Seconds, policy.ErrorUtilizationPenalty!.Value, policy.SlowStartConfig.SlowStartWindow.Seconds));
        Assert.Equal("named_metrics.queue", Assert.Single(policy.MetricNamesForComputingUtilization));
        Assert.Null(policy.WeightUpdatePeriod);
        var inside = Assert.Single(grpc.LoadBalancingPolicy.Policies).TypedExtensionConfig.TypedConfig.Unpack<WrrLocality>().EndpointPickingPolicy.Policies;
        Assert.Equal(
            ["envoy.load_balancing_policies.client_side_weighted_round_robin", "envoy.load_balancing_policies.round_robin"], inside.Select(p => p.TypedExtensionConfig.Name));
        Assert.Equal((LbPolicy.RoundRobin, LbPolicy.RoundRobin), (ours.LbPolicy, grpc.LbPolicy));
    }

    [Fact]
    public void Gprc_clients_hash_headers_only()
    {
        var header = new ConsistentHash(ConsistentHashKey.Header, "x-user", Maglev: false, Size: null);

        Assert.Equal("x-user", Assert.Single(Action(Rule(Hashed(header)), ProxyProfile.Grpc).HashPolicy).Header.HeaderName);
        Assert.Empty(Action(Rule(Hashed(s_cookie)), ProxyProfile.Grpc).HashPolicy);
    }

    [Fact]
    public void Each_weighted_destination_brings_its_hash_once()
    {
        var header = Hashed(new ConsistentHash(ConsistentHashKey.Header, "x-user", Maglev: false, Size: null));
        var query = Hashed(new ConsistentHash(ConsistentHashKey.QueryParameter, "q", Maglev: false, Size: null));
        var model = Mesh.Of(
            Mesh.Service("reviews"),
            Mesh.DestinationRule("r", "reviews", null, "", Mesh.Subset("v1", "v=1", Policy(header)), Mesh.Subset("v2", "v=2", Policy(header)), Mesh.Subset("v3", "v=3", Policy(query))),
            Mesh.VirtualService("v", "reviews", http: Mesh.Route("reviews:v1=1 reviews:v2=1 reviews:v3=1")));

        Assert.Equal(["x-user", ""], Action(model).HashPolicy.Select(p => p.Header?.HeaderName ?? ""));
    }

    [Fact]
    public void Pass_through_leaves_the_address_to_the_caller()
    {
        var model = Rule(new LoadBalancer(SimpleLoadBalancer.PassThrough, Mesh.At));
        var cluster = Translate.Cluster(model, Mesh.Client(), Name)!;

        Assert.Equal((Cluster.Types.DiscoveryType.OriginalDst, LbPolicy.ClusterProvided), (cluster.Type, cluster.LbPolicy));
        Assert.Null(Translate.Endpoints(model, Mesh.Client(), Name));
        Assert.Equal(LbPolicy.RoundRobin, Translate.Cluster(model, Mesh.Client(profile: ProxyProfile.Grpc), Name)!.LbPolicy);
    }

    [Fact]
    public void Warmup_is_slow_start_with_its_defaults()
    {
        var warmup = new Warmup(TimeSpan.FromSeconds(60), null, null);
        var robin = Translate.Cluster(Rule(new LoadBalancer(SimpleLoadBalancer.RoundRobin, Mesh.At) { Warmup = warmup }), Mesh.Client(), Name)!;
        var least = Translate.Cluster(Rule(new LoadBalancer(SimpleLoadBalancer.LeastRequest, Mesh.At) { Warmup = warmup with { Aggression = 2, MinimumPercent = 30 } }), Mesh.Client(), Name)!;

        Assert.Equal((60, 10d, 1d), Slow(robin.RoundRobinLbConfig.SlowStartConfig));
        Assert.Equal((60, 30d, 2d), Slow(least.LeastRequestLbConfig.SlowStartConfig));
    }

    [Fact]
    public void Near_endpoints_come_first_with_outlier_detection_only()
    {
        // Nobody is in the same sub-zone, so the zone comes first: priorities have no gaps.
        Assert.Equal(["10.0.0.2:0", "10.0.0.3:1", "10.0.0.4:2"], Priorities(new LoadBalancer(SimpleLoadBalancer.LeastRequest, Mesh.At), s_outliers));
        Assert.Equal(["10.0.0.2:0", "10.0.0.3:0", "10.0.0.4:0"], Priorities(new LoadBalancer(SimpleLoadBalancer.LeastRequest, Mesh.At), null).Order());
        Assert.Equal(["10.0.0.2:0", "10.0.0.3:0", "10.0.0.4:0"], Priorities(At(LocalityLoadBalancing.MeshDefault with { Enabled = false }), s_outliers).Order());
    }

    [Fact]
    public void Zones_have_one_priority_and_the_caller_chooses()
    {
        var zones = new LoadBalancer(SimpleLoadBalancer.LeastRequest, Mesh.At) { ZoneAware = new ZoneAwareness(2) };

        var config = Translate.Cluster(Rule(zones), Mesh.Client(), Name)!.CommonLbConfig.ZoneAwareLbConfig;

        Assert.Equal(2UL, config.MinClusterSize);
        Assert.Equal(["10.0.0.2:0", "10.0.0.3:0", "10.0.0.4:0"], Priorities(zones, s_outliers).Order());
        Assert.Null(Translate.Cluster(Rule(zones), Mesh.Client(profile: ProxyProfile.Grpc), Name)!.CommonLbConfig);
    }

    [Theory]
    [InlineData("", null, "10.0.0.2:0 10.0.0.3:0 10.0.0.4:0")]
    [InlineData("networking.istio.io/traffic-distribution=PreferClose", null, "10.0.0.2:0 10.0.0.3:1 10.0.0.4:2")]
    [InlineData("networking.istio.io/traffic-distribution=Any", null, "10.0.0.2:0 10.0.0.3:0 10.0.0.4:0")]
    [InlineData("", TrafficPreference.SameZone, "10.0.0.2:0 10.0.0.3:1 10.0.0.4:2")]
    public void A_service_may_ask_for_the_nearest_by_itself(string annotations, object? preference, string expected)
    {
        var service = Mesh.Service("stock", annotations: annotations) with { TrafficDistribution = (TrafficPreference?)preference };
        object[] workloads =
        [
            Mesh.Workload("zone", "app=stock", "10.0.0.2", locality: "eu/eu-1/b"),
            Mesh.Workload("region", "app=stock", "10.0.0.3", locality: "eu/eu-2/"),
            Mesh.Workload("far", "app=stock", "10.0.0.4", locality: "us/us-1/"),
        ];
        var off = Mesh.DestinationRule("r", "stock", Policy(At(LocalityLoadBalancing.MeshDefault with { Enabled = false })));

        Assert.Equal(expected.Split(' '), Priorities(Mesh.Of([service, .. workloads])).Order());
        Assert.Equal(["10.0.0.2:0", "10.0.0.3:0", "10.0.0.4:0"], Priorities(Mesh.Of([service, off, .. workloads])).Order());

        static IEnumerable<string> Priorities(MeshModel model) => Translate
            .Endpoints(model, Client, Name.Replace("reviews", "stock", StringComparison.Ordinal))!.Endpoints
            .SelectMany(l => l.LbEndpoints.Select(e => $"{e.Endpoint.Address.SocketAddress.Address}:{l.Priority}"));
    }

    [Fact]
    public void A_failover_puts_its_region_before_others()
    {
        var setting = At(new LocalityLoadBalancing(true, [], [new("eu", "us")], []));

        Assert.Equal(
            ["10.0.0.2:0", "10.0.0.3:1", "10.0.0.4:2", "10.0.0.5:3"],
            Priorities(setting, s_outliers, Mesh.Workload("asia", "app=reviews", "10.0.0.5", locality: "asia/1/")));
    }

    [Fact]
    public void Labels_may_decide_instead()
    {
        var setting = At(new LocalityLoadBalancing(true, [], [], ["topology.kubernetes.io/region", "version=v2"]));

        Assert.Equal(
            ["10.0.0.5:0", "10.0.0.2:1", "10.0.0.3:1", "10.0.0.4:2"],
            Priorities(setting, s_outliers, Mesh.Workload("v2", "app=reviews,version=v2", "10.0.0.5", locality: "eu/9/")));
    }

    [Fact]
    public void Shares_of_localities_replace_their_weights_and_the_rest_gets_nothing()
    {
        var setting = At(new LocalityLoadBalancing(true, [new LocalityDistribution("eu/eu-1/*", [new("eu/eu-1", 80), new("eu/*", 20)])], [], []));
        var model = Model(setting, null);

        var assignment = Translate.Endpoints(model, Client, Name)!;

        Assert.Equal([("eu-1", 80u), ("eu-2", 20u)], assignment.Endpoints.Select(e => (e.Locality.Zone, e.LoadBalancingWeight!.Value)));
        Assert.NotNull(Translate.Cluster(model, Client, Name)!.CommonLbConfig.LocalityWeightedLbConfig);
        Assert.Equal(3, Translate.Endpoints(model, Mesh.Client(), Name)!.Endpoints.Count);
    }

    private static ProxyView Client => Mesh.Client() with { Locality = new("eu", "eu-1", "a") };

    private static LoadBalancer At(LocalityLoadBalancing setting) => new(SimpleLoadBalancer.LeastRequest, Mesh.At) { Locality = setting };

    private static LoadBalancer Hashed(ConsistentHash hash) => new(SimpleLoadBalancer.LeastRequest, Mesh.At) { ConsistentHash = hash };

    private static TrafficPolicy Policy(LoadBalancer balancer, OutlierDetection? outliers = null) => Mesh.Policy(outlier: outliers) with { LoadBalancer = balancer };

    private static MeshModel Rule(LoadBalancer balancer) => Mesh.Of(Mesh.Service("reviews"), Mesh.DestinationRule("r", "reviews", Policy(balancer)));

    private static MeshModel Model(LoadBalancer balancer, OutlierDetection? outliers, params object[] more) => Mesh.Of(
    [
        Mesh.Service("reviews"),
        Mesh.DestinationRule("r", "reviews", Policy(balancer, outliers)),
        Mesh.Workload("zone", "app=reviews", "10.0.0.2", locality: "eu/eu-1/b"),
        Mesh.Workload("region", "app=reviews", "10.0.0.3", locality: "eu/eu-2/"),
        Mesh.Workload("far", "app=reviews", "10.0.0.4", locality: "us/us-1/"),
        .. more,
    ]);

    private static IEnumerable<string> Priorities(LoadBalancer balancer, OutlierDetection? outliers, params object[] more) =>
        Translate.Endpoints(Model(balancer, outliers, more), Client, Name)!.Endpoints
            .SelectMany(l => l.LbEndpoints.Select(e => $"{e.Endpoint.Address.SocketAddress.Address}:{l.Priority}"));

    private static RouteAction Action(MeshModel model, ProxyProfile profile = ProxyProfile.Mesh) =>
        Translate.Routes(model, Mesh.Client(profile: profile), Name)!.VirtualHosts[0].Routes[0].Route_;

    private static (long Seconds, double Minimum, double Aggression) Slow(Cluster.Types.SlowStartConfig config) =>
        (config.SlowStartWindow.Seconds, config.MinWeightPercent.Value, config.Aggression.DefaultValue);
}
