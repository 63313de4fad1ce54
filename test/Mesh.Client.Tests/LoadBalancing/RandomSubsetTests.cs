using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using static ProxylessMesh.Client.Tests.LoadBalancing.SampleEndpoints;

namespace ProxylessMesh.Client.Tests.LoadBalancing;

/// <summary>gRFC A68.</summary>
public sealed class RandomSubsetTests
{
    private static readonly ClusterMember[] Members = [.. Enumerable.Range(0, 100).Select(i => Member($"10.0.0.{i}"))];

    [Fact]
    public void A_process_keeps_to_its_subset_and_takes_turns_in_it()
    {
        var builder = Builder(1);
        var balancer = Build(builder, Members, out var pickable);

        Assert.Equal(20, pickable.Length);
        var counts = Count(balancer, 200);
        Assert.Equal(20, counts.Count);
        Assert.All(counts.Values, c => Assert.Equal(10, c));
        Build(builder, [.. Members.Reverse()], out var again);
        Assert.Equal(pickable.ToHashSet(), again.ToHashSet());
    }

    [Fact]
    public void One_that_goes_changes_one_place()
    {
        var builder = Builder(2);
        Build(builder, Members, out var before);
        Build(builder, [.. Members.Where(m => m.Endpoint != before[0])], out var after);

        Assert.Equal(19, before.Intersect(after).Count());
        Assert.Equal(20, after.Length);
    }

    [Fact]
    public void Fewer_than_the_subset_are_all_used()
    {
        Build(Builder(3), Members[..7], out var pickable);

        Assert.Equal(7, pickable.Length);
    }

    [Fact]
    public void Many_processes_spread_evenly()
    {
        var connections = new Dictionary<Endpoint, int>();
        for (var seed = 0; seed < 500; seed++)
        {
            Build(Builder(seed), Members, out var pickable);
            foreach (var endpoint in pickable)
            {
                connections[endpoint] = connections.GetValueOrDefault(endpoint) + 1;
            }
        }

        // 100 each on average; five standard deviations are 45.
        Assert.Equal(100, connections.Count);
        Assert.All(connections.Values, c => Assert.InRange(c, 55, 145));
    }

    private static BalancerBuilder Builder(int seed) => new(new Turn(), new FakeTime(), new SeededRandom(seed));

    private static Balancer Build(BalancerBuilder builder, ClusterMember[] members, out Endpoint[] pickable) =>
        builder.Build(new LoadBalancingConfig(LoadBalancingPolicy.RoundRobin) { SubsetSize = 20 }, 140, members, out pickable, out _);
}
