using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Type.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using Drop = Envoy.Config.Endpoint.V3.ClusterLoadAssignment.Types.Policy.Types.DropOverload;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;
using SocketAddress = Envoy.Config.Core.V3.SocketAddress;

namespace ProxylessMesh.Xds.Tests.Resources.Endpoints;

/// <summary>gRFC A27 (EDS validation), gRFC A36 (addresses), endpoint_components.proto.</summary>
public sealed class EndpointsDecoderTests
{
    private static readonly Dictionary<string, (Action<ClusterLoadAssignment> Break, string Error)> Broken = new()
    {
        ["no name"] = (e => e.ClusterName = "", "cluster_name: must not be empty"),
        ["no locality"] = (e => e.Endpoints[0].Locality = null, "endpoints[0].locality: is missing"),
        ["same locality twice"] = (
            e => e.Endpoints.Add(Locality(e.Endpoints[0].Locality, 0, "127.0.0.2")),
            "endpoints[1].locality: \"eu/eu-1/a\" is listed twice at priority 0"),
        ["priority gap"] = (e => e.Endpoints[0].Priority = 1, "endpoints: priority 0 is missing"),
        ["huge priority"] = (e => e.Endpoints[0].Priority = uint.MaxValue, "endpoints: priority 0 is missing"),
        ["locality weights too large"] = (
            e =>
            {
                e.Endpoints[0].LoadBalancingWeight = uint.MaxValue;
                e.Endpoints.Add(Locality(new Locality { Region = "us" }, 0, "127.0.0.2"));
            },
            "endpoints: locality weights of priority 0"),
        ["endpoint weights too large"] = (
            e => e.Endpoints[0].LbEndpoints[0].LoadBalancingWeight = uint.MaxValue, "endpoints[0].lb_endpoints: weights add up"),
        ["endpoint weight 0"] = (
            e => e.Endpoints[0].LbEndpoints[0].LoadBalancingWeight = 0, "endpoints[0].lb_endpoints[0].load_balancing_weight: must not be 0"),
        ["same address twice"] = (
            e => e.Endpoints[0].LbEndpoints[1].Endpoint = e.Endpoints[0].LbEndpoints[0].Endpoint,
            "endpoints[0].lb_endpoints[1]: address 127.0.0.1:20001 is listed twice"),
        ["same address in two forms, in two localities"] = (
            e =>
            {
                e.Endpoints[0].LbEndpoints[0] = IstioShapes.Endpoint("::1", 9);
                e.Endpoints.Add(Locality(new Locality { Region = "us" }, 0, "0:0:0::1", 9));
            },
            "endpoints[1].lb_endpoints[0]: address [::1]:9 is listed twice"),
        ["named endpoint"] = (e => e.Endpoints[0].LbEndpoints[0].EndpointName = "x", "endpoints[0].lb_endpoints[0].endpoint: is missing"),
        ["no address"] = (e => First(e).Address = null, "endpoints[0].lb_endpoints[0].endpoint.address: socket_address is missing"),
        ["pipe"] = (e => First(e).Address = new Address { Pipe = new Pipe { Path = "/x" } }, "endpoints[0].lb_endpoints[0].endpoint.address: socket_address is missing"),
        ["port 0"] = (e => FirstSocket(e).PortValue = 0, "endpoints[0].lb_endpoints[0].endpoint.address.socket_address.port_value: must be 1 to 65535"),
        ["port 65536"] = (e => FirstSocket(e).PortValue = 65536, "endpoints[0].lb_endpoints[0].endpoint.address.socket_address.port_value: must be 1 to 65535"),
        ["UDP"] = (e => FirstSocket(e).Protocol = SocketAddress.Types.Protocol.Udp, "endpoints[0].lb_endpoints[0].endpoint.address.socket_address.protocol: is not supported"),
        ["name in EDS"] = (e => FirstSocket(e).Address = "reviews", "endpoints[0].lb_endpoints[0].endpoint.address.socket_address.address: \"reviews\" is no IP address"),
        ["number as address"] = (e => FirstSocket(e).Address = "1", "endpoints[0].lb_endpoints[0].endpoint.address.socket_address.address: \"1\" is no IP address"),
        ["a drop without category"] = (e => e.Policy = Drops(new Drop()), "policy.drop_overloads[0].category: is missing"),
        ["drops of an unknown denominator"] = (
            e => e.Policy = Drops(new Drop { Category = "lb", DropPercentage = new() { Denominator = (FractionalPercent.Types.DenominatorType)9 } }),
            "policy.drop_overloads[0].drop_percentage: denominator is not known"),
        ["drops without end"] = (e => e.Policy = Drops([.. Enumerable.Repeat(new Drop { Category = "lb" }, 17)]), "policy.drop_overloads: must be 16 at most"),
        ["octal address"] = (e => FirstSocket(e).Address = "0177.0.0.1", "endpoints[0].lb_endpoints[0].endpoint.address.socket_address.address: \"0177.0.0.1\" is no IP address"),
    };

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void Refuses(string name)
    {
        var endpoints = IstioShapes.Endpoints();
        Broken[name].Break(endpoints);

        AssertError(ResourceKinds.Endpoints, endpoints, Broken[name].Error);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0u)]
    public void A_locality_without_weight_is_skipped_with_all_it_holds(uint? weight)
    {
        var endpoints = IstioShapes.Endpoints();
        endpoints.Endpoints.Insert(0, Locality(new Locality { Region = "off" }, 7, "not an address"));
        endpoints.Endpoints[0].LoadBalancingWeight = weight;

        Assert.Equal("eu", Assert.Single(Decode(ResourceKinds.Endpoints, endpoints).Localities).Id.Region);
    }

    [Fact]
    public void A_locality_may_come_at_several_priorities()
    {
        var endpoints = IstioShapes.Endpoints();
        endpoints.Endpoints.Add(Locality(endpoints.Endpoints[0].Locality, 1, "127.0.0.2"));

        Assert.Equal([0, 1], Decode(ResourceKinds.Endpoints, endpoints).Localities.Select(l => l.Priority));
    }

    [Theory]
    [InlineData(5, (int)FractionalPercent.Types.DenominatorType.Hundred, 50_000)]
    [InlineData(5, (int)FractionalPercent.Types.DenominatorType.TenThousand, 500)]
    [InlineData(5, (int)FractionalPercent.Types.DenominatorType.Million, 5)]
    [InlineData(uint.MaxValue, (int)FractionalPercent.Types.DenominatorType.Hundred, 1_000_000)]
    public void Drops_are_counted_in_millionths_and_more_than_all_is_all(uint numerator, int denominator, int expected)
    {
        var endpoints = IstioShapes.Endpoints();
        endpoints.Policy = Drops(new Drop { Category = "lb", DropPercentage = new() { Numerator = numerator, Denominator = (FractionalPercent.Types.DenominatorType)denominator } }, new Drop { Category = "none" });

        Assert.Equal([new DropConfig("lb", expected), new DropConfig("none", 0)], Decode(ResourceKinds.Endpoints, endpoints).Drops);
    }

    [Fact]
    public void None_is_a_valid_number_of_endpoints() =>
        Assert.Equal(EndpointsConfig.Empty("x"), Decode(ResourceKinds.Endpoints, new ClusterLoadAssignment { ClusterName = "x" }));

    [Theory]
    [InlineData((int)HealthStatus.Unknown, "Healthy")]
    [InlineData((int)HealthStatus.Healthy, "Healthy")]
    [InlineData((int)HealthStatus.Draining, "Draining")]
    [InlineData((int)HealthStatus.Unhealthy, "Unhealthy")]
    [InlineData((int)HealthStatus.Timeout, "Unhealthy")]
    [InlineData((int)HealthStatus.Degraded, "Degraded")]
    [InlineData(99, "Unhealthy")]
    public void Health(int status, string expected)
    {
        var endpoints = IstioShapes.Endpoints();
        endpoints.Endpoints[0].LbEndpoints[0].HealthStatus = (HealthStatus)status;

        Assert.Equal(expected, Decode(ResourceKinds.Endpoints, endpoints).Localities[0].Endpoints[0].Health.ToString());
    }

    [Fact]
    public void Defaults()
    {
        var endpoints = IstioShapes.Endpoints();
        endpoints.Endpoints[0].LbEndpoints[0] = new LbEndpoint { Endpoint = new Endpoint { Address = IstioShapes.Socket("::1", 1) } };

        var endpoint = Decode(ResourceKinds.Endpoints, endpoints).Localities[0].Endpoints[0];

        Assert.Equal(new EndpointConfig("::1", 1, 1, EndpointHealth.Healthy, EquatableMap.Empty), endpoint);
    }

    [Fact]
    public void Only_text_metadata_can_match()
    {
        var endpoints = IstioShapes.Endpoints();
        var metadata = endpoints.Endpoints[0].LbEndpoints[0].Metadata;
        metadata.FilterMetadata["envoy.transport_socket_match"].Fields["weight"] = Value.ForNumber(1);
        metadata.FilterMetadata["istio"] = new Struct { Fields = { ["workload"] = Value.ForString("reviews-v1") } };

        var map = Decode(ResourceKinds.Endpoints, endpoints).Localities[0].Endpoints[0].TransportMatch;

        Assert.Equal(["tlsMode"], map.Entries.Select(e => e.Key));
    }

    private static ClusterLoadAssignment.Types.Policy Drops(params Drop[] drops) => new() { DropOverloads = { drops } };

    private static LocalityLbEndpoints Locality(Locality locality, uint priority, string address, uint port = 20001) => new()
    {
        Locality = locality,
        LoadBalancingWeight = 1,
        Priority = priority,
        LbEndpoints = { IstioShapes.Endpoint(address, port) },
    };

    private static Endpoint First(ClusterLoadAssignment endpoints) => endpoints.Endpoints[0].LbEndpoints[0].Endpoint;

    private static SocketAddress FirstSocket(ClusterLoadAssignment endpoints) => First(endpoints).Address.SocketAddress;
}
