using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;
using Kind = Envoy.Config.Cluster.V3.Cluster.Types.DiscoveryType;
using LbPolicy = Envoy.Config.Cluster.V3.Cluster.Types.LbPolicy;
using LoadBalancingPolicy = ProxylessMesh.Xds.Config.LoadBalancingPolicy;

namespace ProxylessMesh.Xds.Tests.Resources.Clusters;

/// <summary>gRFCs A27, A37, A47, A48; cluster.proto.</summary>
public sealed class ClusterDecoderTests
{
    private static readonly Dictionary<string, (Action<Cluster> Break, string Error)> Broken = new()
    {
        ["no name"] = (c => c.Name = "", "name: must not be empty"),
        ["no type"] = (c => c.ClearClusterDiscoveryType(), "type: is missing or not supported"),
        ["unknown type"] = (c => c.Type = (Kind)99, "type: is missing or not supported"),
        ["no EDS config"] = (c => c.EdsClusterConfig = null, "eds_cluster_config: is missing"),
        ["EDS from a file"] = (c => c.EdsClusterConfig.EdsConfig = new ConfigSource { Path = "/x" }, "eds_cluster_config.eds_config: must be ads or self"),
        ["EDS from nowhere"] = (c => c.EdsClusterConfig.EdsConfig = null, "eds_cluster_config.eds_config: must be ads or self"),
        ["xdstp without service name"] = (
            c =>
            {
                c.Name = "xdstp://authority/envoy.config.cluster.v3.Cluster/x";
                c.EdsClusterConfig.ServiceName = "";
            },
            "eds_cluster_config.service_name: must be set"),
        ["EDS with inline endpoints"] = (c => c.LoadAssignment = new ClusterLoadAssignment(), "load_assignment of a cluster of this type: is not supported"),
        ["static without endpoints"] = (c => c.Type = Kind.Static, "load_assignment: is missing"),
        ["logical DNS with two endpoints"] = (
            c => Inline(c, Kind.LogicalDns, "a.example.com", "b.example.com"), "load_assignment: must have exactly one locality with one endpoint"),
        ["static with a name"] = (
            c => Inline(c, Kind.Static, "a.example.com"),
            "load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address.address: \"a.example.com\" is no IP address"),
        ["DNS with a broken address"] = (
            c => Inline(c, Kind.StrictDns, "256.1.1.1"),
            "load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address.address: \"256.1.1.1\" is no IP address or DNS name"),
        ["DNS with a broken name"] = (
            c => Inline(c, Kind.StrictDns, "a b"),
            "load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address.address: \"a b\" is no IP address or DNS name"),
        ["policy extension"] = (c => c.LbPolicy = LbPolicy.LoadBalancingPolicyConfig, "lb_policy: LoadBalancingPolicyConfig is not supported"),
        ["provided by an EDS cluster"] = (c => c.LbPolicy = LbPolicy.ClusterProvided, "lb_policy: ClusterProvided is not supported"),
        ["one choice"] = (c => c.LeastRequestLbConfig = new() { ChoiceCount = 1 }, "least_request_lb_config.choice_count: must be at least 2"),
        ["connect timeout 0"] = (c => c.ConnectTimeout = new Duration(), "connect_timeout: must be more than 0"),
        ["connect timeout negative"] = (c => c.ConnectTimeout = new Duration { Seconds = -1 }, "connect_timeout: must not be negative"),
        ["connect timeout out of range"] = (c => c.ConnectTimeout = new Duration { Seconds = long.MaxValue }, "connect_timeout: is out of range"),
        ["load reports elsewhere"] = (c => c.LrsServer = IstioShapes.Ads, "lrs_server: must be self"),
        ["upstream extension"] = (c => c.UpstreamConfig = new TypedExtensionConfig(), "upstream_config: is not supported"),
        ["own DNS resolver"] = (c => c.DnsResolvers.Add(IstioShapes.Socket("127.0.0.1", 53)), "dns_resolvers: is not supported"),
        ["a limit per host"] = (
            c => c.CircuitBreakers.PerHostThresholds.Add(new CircuitBreakers.Types.Thresholds { MaxConnections = 1 }),
            "circuit_breakers.per_host_thresholds[0].max_connections: is not supported"),
        ["unknown socket"] = (
            c => c.TransportSocket = new TransportSocket { Name = "envoy.transport_sockets.alts" },
            "transport_socket: \"envoy.transport_sockets.alts\" is not supported"),
        ["match without name"] = (c => c.TransportSocketMatches[0].Name = "", "transport_socket_matches[0].name: must not be empty"),
        ["same match name"] = (c => c.TransportSocketMatches[1].Name = "tlsMode-istio", "transport_socket_matches[1].name: \"tlsMode-istio\" is used twice"),
        ["match by number"] = (
            c => c.TransportSocketMatches[0].Match.Fields["n"] = Value.ForNumber(1), "transport_socket_matches[0].match: \"n\" is not text"),
    };

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void Refuses(string name)
    {
        var cluster = IstioShapes.EdsCluster();
        Broken[name].Break(cluster);

        AssertError(ResourceKinds.Cluster, cluster, Broken[name].Error);
    }

    [Fact]
    public void Rule20_load_reports_go_to_the_server_of_the_cluster_with_the_numbers_that_it_asks_for()
    {
        var cluster = IstioShapes.EdsCluster();
        Assert.Null(Decode(ResourceKinds.Cluster, cluster).LoadStats);

        cluster.LrsServer = new() { Self = new() };
        cluster.LrsReportEndpointMetrics.Add(["cpu_utilization", "named_metrics.queue", "disk_utilization"]);
        Assert.Equal(new LoadStatsConfig { CpuUtilization = true, NamedMetrics = ["queue"] }, Decode(ResourceKinds.Cluster, cluster).LoadStats);

        cluster.LrsReportEndpointMetrics.Add("named_metrics.*");
        Assert.True(Decode(ResourceKinds.Cluster, cluster).LoadStats!.AllNamedMetrics);
    }

    [Fact]
    public void Defaults()
    {
        var cluster = Decode(ResourceKinds.Cluster, new Cluster { Name = "c", Type = Kind.Eds, EdsClusterConfig = new() { EdsConfig = new() { Self = new() } } });

        Assert.Equal(
            new ClusterConfig(
                "c", ClusterDiscovery.Eds, "c", null, new LoadBalancingConfig(LoadBalancingPolicy.RoundRobin) { PanicThresholdPercent = 50 }, TimeSpan.FromSeconds(5), null, null, []),
            cluster);
    }

    [Theory]
    [InlineData(nameof(Kind.Static), "10.0.0.1", "Static")]
    [InlineData(nameof(Kind.StrictDns), "A.example.com", "StrictDns")]
    [InlineData(nameof(Kind.LogicalDns), "a.example.com", "LogicalDns")]
    [InlineData(nameof(Kind.StrictDns), "10.0.0.1", "StrictDns")]
    public void Inline_endpoints_need_neither_locality_nor_weight(string kind, string address, string expected)
    {
        var message = IstioShapes.EdsCluster();
        Inline(message, System.Enum.Parse<Kind>(kind), address);

        var cluster = Decode(ResourceKinds.Cluster, message);

        Assert.Equal(expected, cluster.Discovery.ToString());
        var locality = Assert.Single(cluster.InlineEndpoints!.Localities);
        Assert.Equal(1u, locality.Weight);
        Assert.Equal(address.ToLowerInvariant(), Assert.Single(locality.Endpoints).Address);
    }

    [Fact]
    public void Pass_through()
    {
        var cluster = Decode(ResourceKinds.Cluster, new Cluster { Name = "p", Type = Kind.OriginalDst, LbPolicy = LbPolicy.ClusterProvided });

        Assert.Equal(ClusterDiscovery.PassThrough, cluster.Discovery);
        Assert.Null(cluster.InlineEndpoints);
    }

    [Theory]
    [InlineData(null, 2)]
    [InlineData(2u, 2)]
    [InlineData(10u, 10)]
    [InlineData(11u, 10)]
    [InlineData(uint.MaxValue, 10)]
    public void Least_request_samples_are_at_most_ten(uint? configured, int expected)
    {
        var cluster = IstioShapes.EdsCluster();
        cluster.LeastRequestLbConfig = new() { ChoiceCount = configured };

        Assert.Equal(expected, Decode(ResourceKinds.Cluster, cluster).LoadBalancing.ChoiceCount);
    }

    [Fact]
    public void All_errors_are_told_at_once()
    {
        var cluster = IstioShapes.EdsCluster();
        cluster.EdsClusterConfig = null;
        cluster.LbPolicy = LbPolicy.LoadBalancingPolicyConfig;
        cluster.ConnectTimeout = new Duration();
        cluster.TransportSocketMatches[1].Name = "";

        Assert.Equal(4, Errors(ResourceKinds.Cluster, cluster).Count);
    }

    private static void Inline(Cluster cluster, Kind kind, params string[] addresses)
    {
        cluster.Type = kind;
        cluster.EdsClusterConfig = null;
        cluster.LoadAssignment = new ClusterLoadAssignment { ClusterName = cluster.Name, Endpoints = { new LocalityLbEndpoints() } };
        cluster.LoadAssignment.Endpoints[0].LbEndpoints.Add(
            addresses.Select(address => new LbEndpoint { Endpoint = new Endpoint { Address = IstioShapes.Socket(address, 80) } }));
    }
}
