using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Dependencies;

namespace ProxylessMesh.Client.Tests.Clusters;

/// <summary>The tables of Envoy's page "Aggregate cluster": what the first cluster cannot carry spills to the next.</summary>
public sealed class AggregateClusterTests
{
    private readonly SeededRandom _random = new(3);

    [Theory]
    [InlineData(10, 10, 1.0)]
    [InlineData(5, 10, 0.7)]
    [InlineData(0, 10, 0.0)]
    [InlineData(2, 2, 0.5)]
    public void LoadSpillsToTheNextCluster(int healthyOfFirst, int healthyOfSecond, double share)
    {
        var (first, second) = (Leaf("one", healthyOfFirst), Leaf("two", healthyOfSecond));
        var aggregate = new ClusterState("all", new StubUpstream().Handler, new FakeTime(), _random);
        aggregate.Link([first, second]);

        var chosen = Enumerable.Range(0, 4000).Count(_ => ReferenceEquals(aggregate.Choose(_random), first));

        Assert.InRange(chosen / 4000.0, share - 0.03, share + 0.03);
    }

    [Fact]
    public void WithNothingHealthyTheFirstWithEndpointsAnswers()
    {
        var (gone, sick) = (Missing("gone"), Leaf("sick", 0));
        var aggregate = new ClusterState("all", new StubUpstream().Handler, new FakeTime(), _random);

        aggregate.Link([gone, sick]);
        Assert.Same(sick, aggregate.Choose(_random));

        aggregate.Link([gone]);
        Assert.Same(gone, aggregate.Choose(_random));
    }

    [Fact]
    public void ClusterThatIsNoAggregateServesItself()
    {
        var cluster = Leaf("one", 1);

        Assert.Same(cluster, cluster.Choose(_random));
    }

    private ClusterState Missing(string name)
    {
        var cluster = new ClusterState(name, new StubUpstream().Handler, new FakeTime(), _random);
        cluster.Apply(new ClusterSnapshot(name, null, null, "the control plane has no such cluster"));
        return cluster;
    }

    private ClusterState Leaf(string name, int healthy)
    {
        var cluster = new ClusterState(name, new StubUpstream().Handler, new FakeTime(), _random);
        var endpoints = Enumerable.Range(0, 10)
            .Select(i => Sample.Endpoint($"10.0.0.{i}", health: i < healthy ? EndpointHealth.Healthy : EndpointHealth.Unhealthy));
        cluster.Apply(Sample.Snapshot(Sample.Cluster(), Sample.Endpoints([.. endpoints])));
        return cluster;
    }
}
