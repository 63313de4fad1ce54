using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Extensions.LoadBalancingPolicies.LeastRequest.V3;
using Envoy.Extensions.LoadBalancingPolicies.Maglev.V3;
using Envoy.Extensions.LoadBalancingPolicies.PickFirst.V3;
using Envoy.Extensions.LoadBalancingPolicies.RandomSubsetting.V3;
using Envoy.Extensions.LoadBalancingPolicies.RingHash.V3;
using Envoy.Extensions.LoadBalancingPolicies.RoundRobin.V3;
using Envoy.Extensions.LoadBalancingPolicies.WrrLocality.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;
using PolicyList = Envoy.Config.Cluster.V3.LoadBalancingPolicy;
using RandomPolicy = Envoy.Extensions.LoadBalancingPolicies.Random.V3.Random;

namespace ProxylessMesh.Xds.Tests.Resources.Clusters;

/// <summary>gRFC A52.</summary>
public sealed class PolicyListDecoderTests
{
    public static TheoryData<string> Names => ["RoundRobin", "Random", "LeastRequest", "RingHash", "Maglev"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_policy_is_read_and_beats_lb_policy(string name)
    {
        IMessage message = name switch
        {
            "RoundRobin" => new RoundRobin(),
            "Random" => new RandomPolicy(),
            "LeastRequest" => new LeastRequest(),
            "RingHash" => new RingHash(),
            _ => new Maglev(),
        };

        Assert.Equal(name, Read(List(message)).Policy.ToString());
        Assert.Equal(name, Read(List(new WrrLocality { EndpointPickingPolicy = List(message) })).Policy.ToString());
    }

    [Fact]
    public void The_first_that_is_supported_wins_with_its_parameters()
    {
        var balancing = Read(List(new Duration(), new LeastRequest { ChoiceCount = 5, SlowStartConfig = new() { SlowStartWindow = Seconds(60) } }, new RoundRobin()));

        Assert.Equal((ProxylessMesh.Xds.Config.LoadBalancingPolicy.LeastRequest, 5), (balancing.Policy, balancing.ChoiceCount));
        Assert.Equal(new SlowStartConfig(TimeSpan.FromSeconds(60), 1, 0.1), balancing.SlowStart);
    }

    [Fact]
    public void Sizes_are_read()
    {
        Assert.Equal(251, Read(List(new Maglev { TableSize = 251 })).TableSize);
        Assert.Equal(2048, Read(List(new RingHash { MinimumRingSize = 2048 })).MinimumRingSize);
    }

    [Fact]
    public void Pick_first_may_shuffle()
    {
        Assert.False(Read(List(new PickFirst())).ShufflesAddresses);
        Assert.True(Read(List(new PickFirst { ShuffleAddressList = true })).ShufflesAddresses);
    }

    [Fact]
    public void A_random_subset_has_a_policy_inside()
    {
        var balancing = Read(List(new RandomSubsetting { SubsetSize = 5, ChildPolicy = List(new Duration(), new LeastRequest { ChoiceCount = 3 }) }));

        Assert.Equal(
            (ProxylessMesh.Xds.Config.LoadBalancingPolicy.LeastRequest, 3, 5), (balancing.Policy, balancing.ChoiceCount, balancing.SubsetSize));
        Assert.Equal(5, Read(List(new RandomSubsetting { SubsetSize = 5, ChildPolicy = List(new WrrLocality { EndpointPickingPolicy = List(new RoundRobin()) }) })).SubsetSize);
    }

    [Fact]
    public void A_subset_of_nothing_or_of_each_locality_is_an_error()
    {
        AssertError(ResourceKinds.Cluster, Cluster(List(new RandomSubsetting { ChildPolicy = List(new RoundRobin()) })), "load_balancing_policy.policies[0].typed_extension_config.typed_config.subset_size: must be more than 0");
        Assert.Contains(
            Errors(ResourceKinds.Cluster, Cluster(List(new WrrLocality { EndpointPickingPolicy = List(new RandomSubsetting { SubsetSize = 1, ChildPolicy = List(new RoundRobin()) }) }))),
            e => e.EndsWith("random_subsetting cannot stand inside wrr_locality; let it stand outside", StringComparison.Ordinal));
        Assert.NotEmpty(Errors(ResourceKinds.Cluster, Cluster(List(new RandomSubsetting { SubsetSize = 1 }))));
    }

    [Fact]
    public void None_supported_is_an_error()
    {
        AssertError(ResourceKinds.Cluster, Cluster(new PolicyList()), "load_balancing_policy.policies: none of them is supported");
        AssertError(ResourceKinds.Cluster, Cluster(List(new Duration())), "load_balancing_policy.policies: none of them is supported");
    }

    [Fact]
    public void Parameters_of_the_chosen_policy_are_checked() => AssertError(
        ResourceKinds.Cluster,
        Cluster(List(new RingHash { HashFunction = RingHash.Types.HashFunction.MurmurHash2 })),
        "load_balancing_policy.policies[0].typed_extension_config.typed_config.hash_function: is not supported");

    [Fact]
    public void Endless_nesting_is_an_error()
    {
        var list = List(new RoundRobin());
        for (var i = 0; i < 20; i++)
        {
            list = List(new WrrLocality { EndpointPickingPolicy = list });
        }

        Assert.Contains(Errors(ResourceKinds.Cluster, Cluster(list)), e => e.Contains("nested deeper than 16", StringComparison.Ordinal));
    }

    [Fact]
    public void Broken_bytes_are_an_error()
    {
        var list = List(new RoundRobin());
        list.Policies[0].TypedExtensionConfig.TypedConfig.Value = ByteString.CopyFrom(0xff, 0xff);

        Assert.NotEmpty(Errors(ResourceKinds.Cluster, Cluster(list)));
    }

    private static LoadBalancingConfig Read(PolicyList list) => Decode(ResourceKinds.Cluster, Cluster(list)).LoadBalancing;

    private static Cluster Cluster(PolicyList list)
    {
        var cluster = IstioShapes.EdsCluster();
        cluster.LoadBalancingPolicy = list;
        return cluster;
    }

    private static PolicyList List(params IMessage[] policies)
    {
        var list = new PolicyList();
        list.Policies.Add(policies.Select(p => new PolicyList.Types.Policy { TypedExtensionConfig = new TypedExtensionConfig { TypedConfig = Any.Pack(p) } }));
        return list;
    }
}
