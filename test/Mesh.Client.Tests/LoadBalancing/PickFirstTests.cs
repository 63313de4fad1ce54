using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using static ProxylessMesh.Client.Tests.LoadBalancing.SampleEndpoints;

namespace ProxylessMesh.Client.Tests.LoadBalancing;

/// <summary>gRFCs A62 and A113.</summary>
public sealed class PickFirstTests
{
    private static readonly LoadBalancingConfig Config = new(LoadBalancingPolicy.PickFirst);

    [Fact]
    public void The_first_has_it_all_until_it_cannot_be_reached_and_is_not_returned_to()
    {
        ClusterMember[] members = [Member("a"), Member("b"), Member("c")];
        var balancer = Build(Config, members);
        Assert.Equal("aaa", Picks(balancer, 3));

        members[0].Endpoint.IsUnreachable = true;
        Assert.Equal("bb", Picks(balancer, 2));
        members[1].Endpoint.IsUnreachable = true;
        Assert.Equal("cc", Picks(balancer, 2));
        members[2].Endpoint.IsUnreachable = true;
        Assert.Equal("aa", Picks(balancer, 2));
    }

    [Fact]
    public void Another_attempt_gets_another_endpoint()
    {
        var balancer = Build(Config, [Member("a"), Member("b"), Member("c")]);

        Assert.Equal(["a", "b", "c", "a"], Enumerable.Range(0, 4).Select(i => balancer.Pick(0, i)!.Key.Address));
    }

    [Fact]
    public async Task A_failed_connection_moves_all_calls_on()
    {
        using var call = new SampleCall(Sample.Cluster() with { LoadBalancing = Config });
        call.Upstream.Fail("a", new HttpRequestException(HttpRequestError.ConnectionError));
        call.Upstream.Status("b", 200);
        (await call.Send(SampleCall.Forward())).Dispose();
        for (var i = 0; i < 3; i++)
        {
            (await call.Send(SampleCall.Forward())).Dispose();
        }

        Assert.Equal(["a", "b", "b", "b"], call.Upstream.Calls);
    }

    [Fact]
    public async Task An_endpoint_that_answers_with_an_error_has_been_reached()
    {
        using var call = new SampleCall(Sample.Cluster() with { LoadBalancing = Config });
        call.Upstream.Status("a", 503);
        for (var i = 0; i < 3; i++)
        {
            (await call.Send(SampleCall.Forward())).Dispose();
        }

        Assert.Equal(["a", "a", "a"], call.Upstream.Calls);
    }

    [Fact]
    public void Shuffled_each_is_first_as_often_as_its_weight_and_its_localitys_ask()
    {
        ClusterMember[] members = [Member("a", weight: 3, zone: "z1"), Member("b", zone: "z1"), Member("c", zone: "z2")];
        var random = new SeededRandom(1);
        var first = new Dictionary<string, int>();
        for (var i = 0; i < 4000; i++)
        {
            var builder = new BalancerBuilder(new Turn(), new FakeTime(), random);
            var balancer = builder.Build(Config with { ShufflesAddresses = true }, 140, members, out _, out _);
            var address = balancer.Pick(0, 0)!.Key.Address;
            first[address] = first.GetValueOrDefault(address) + 1;
        }

        // Localities have the same weight: 3/8, 1/8 and 4/8; six standard deviations are 190.
        Assert.InRange(first["a"], 1310, 1690);
        Assert.InRange(first["b"], 370, 630);
        Assert.InRange(first["c"], 1810, 2190);
    }

    [Fact]
    public void A_shuffled_order_stays_through_updates()
    {
        var builder = new BalancerBuilder(new Turn(), new FakeTime(), new SeededRandom(5));
        ClusterMember[] members = [.. Enumerable.Range(0, 20).Select(i => Member($"10.0.0.{i}"))];
        var before = builder.Build(Config with { ShufflesAddresses = true }, 140, members, out _, out _).Pick(0, 0)!.Authority;

        var after = builder.Build(Config with { ShufflesAddresses = true }, 140, [.. members.Reverse()], out _, out _).Pick(0, 0)!.Authority;

        Assert.Equal(before, after);
    }

    private static Balancer Build(LoadBalancingConfig config, ClusterMember[] members) =>
        new BalancerBuilder(new Turn(), new FakeTime(), new SeededRandom(1)).Build(config, 140, members, out _, out _);

    private static string Picks(Balancer balancer, int count) => string.Concat(Enumerable.Range(0, count).Select(_ => balancer.Pick(0, 0)!.Key.Address));
}
