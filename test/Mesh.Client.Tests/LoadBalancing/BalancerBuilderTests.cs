using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using static ProxylessMesh.Client.Tests.LoadBalancing.SampleEndpoints;

namespace ProxylessMesh.Client.Tests.LoadBalancing;

public sealed class BalancerBuilderTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public void OnlyTheHighestPriorityIsUsedWhileItIsHealthy()
    {
        Assert.Equal(["a"], Pickable([Member("a"), Member("b", priority: 1)]));
        Assert.Equal(["b"], Pickable([Member("a", health: EndpointHealth.Unhealthy), Member("b", priority: 1)]));
    }

    [Fact]
    public void DrainingUnhealthyAndEjectedEndpointsAreLeftOut()
    {
        var ejected = Member("d");
        ejected.Endpoint.Ejection.Ejected = true;

        Assert.Equal(["a"], Pickable([Member("a"), Member("b", health: EndpointHealth.Draining), Member("c", health: EndpointHealth.Unhealthy), ejected]));
    }

    [Fact]
    public void InPanicAllAreUsed()
    {
        ClusterMember[] members = [Member("a"), Member("b", health: EndpointHealth.Unhealthy), Member("c", health: EndpointHealth.Unhealthy)];

        Assert.Equal(["a"], Pickable(members));
        Assert.Equal(["a", "b", "c"], Pickable(members, panic: 50));
        Assert.Equal(["a"], Pickable(members, panic: 33));
    }

    [Fact]
    public void HalfHealthyFirstPrioritySpillsThirtyPercent()
    {
        var counts = Count(
            Build([Member("a"), Member("x", health: EndpointHealth.Unhealthy), Member("b", priority: 1), Member("c", priority: 1)]), 10_000);

        Assert.InRange(counts["a"], 6800, 7200);
        Assert.InRange(counts["b"], 1300, 1700);
    }

    [Fact]
    public void AKeyStaysWithinItsPriority()
    {
        var balancer = Build(
            [Member("a"), Member("x", health: EndpointHealth.Unhealthy), Member("b", priority: 1), Member("c", priority: 1)], LoadBalancingPolicy.RingHash);

        for (var key = 0UL; key < 1000; key++)
        {
            var hash = Xxh64.Hash(key.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Assert.Same(balancer.Pick(hash, 0), balancer.Pick(hash, 0));
        }
    }

    [Theory]
    [InlineData("RoundRobin")]
    [InlineData("Random")]
    [InlineData("LeastRequest")]
    [InlineData("Maglev")]
    public void LocalityWeightsDecideBeforeEndpointWeights(string policy)
    {
        var balancer = Build(
            [Member("a", zone: "z1", localityWeight: 80), Member("b", zone: "z1", localityWeight: 80), Member("c", zone: "z2", localityWeight: 20)],
            Enum.Parse<LoadBalancingPolicy>(policy));

        var counts = Count(balancer, 10_000, i => Xxh64.Hash(i.ToString(System.Globalization.CultureInfo.InvariantCulture)));

        Assert.InRange(counts["a"] + counts["b"], 7800, 8200);
        Assert.InRange(counts["a"], 3700, 4300);
    }

    [Fact]
    public void ALocalityThatLostEndpointsGivesLoadAway()
    {
        // Half of z1 is gone: its weight counts 70 %, so 70 to 100.
        var counts = Count(
            Build(
            [
                Member("a", zone: "z1", localityWeight: 1),
                Member("x", zone: "z1", localityWeight: 1, health: EndpointHealth.Unhealthy),
                Member("b", zone: "z2", localityWeight: 1),
            ]),
            17_000);

        Assert.InRange(counts["a"], 6900, 7100);
    }

    [Fact]
    public void IdleWeightedLeastRequestGoesByWeightAlone()
    {
        var counts = Count(Build([Member("a", weight: 3), Member("b", weight: 1)], LoadBalancingPolicy.LeastRequest), 10_000);

        Assert.InRange(counts["a"], 7300, 7700);
    }

    [Theory]
    [InlineData(0, 0.72, 0.78)]
    [InlineData(1, 0, 0.60)]
    public void BiasSaysHowMuchRequestsInFlightCount(double bias, double least, double most)
    {
        ClusterMember[] members = [Member("a", weight: 3), Member("b", weight: 1)];
        for (var i = 0; i < 100; i++)
        {
            Assert.True(members[0].Endpoint.TryAcquire());
        }

        var config = new LoadBalancingConfig(LoadBalancingPolicy.LeastRequest) { ActiveRequestBias = bias };

        Assert.InRange(Count(Build(members, config), 10_000)["a"] / 10_000.0, least, most);
    }

    [Fact]
    public void NewEndpointsWarmUp()
    {
        var config = new LoadBalancingConfig(LoadBalancingPolicy.RoundRobin) { SlowStart = new SlowStartConfig(TimeSpan.FromSeconds(100), 1, 0.1) };
        var old = Member("a");
        _time.Advance(TimeSpan.FromSeconds(1000));
        var fresh = Member("b") with { Endpoint = new Endpoint(new EndpointKey("b", 1, null), "b:1", _ => new SocketsHttpHandler()) { Since = _time.GetTimestamp() } };

        Assert.InRange(Count(Build([old, fresh], config), 11_000)["b"], 980, 1020);
        _time.Advance(TimeSpan.FromSeconds(50));
        Assert.InRange(Count(Build([old, fresh], config), 12_000)["b"], 3950, 4050);
        _time.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(5000, Count(Build([old, fresh], config), 10_000)["b"]);
    }

    [Theory]
    [InlineData(1, 50, 0.5)]
    [InlineData(2, 25, 0.5)]
    [InlineData(1, 5, 0.1)]
    [InlineData(1, 100, 1)]
    public void WarmUpIsACurve(double aggression, int seconds, double factor) =>
        Assert.Equal(factor, SlowStart.Factor(new SlowStartConfig(TimeSpan.FromSeconds(100), aggression, 0.1), TimeSpan.FromSeconds(seconds)), 6);

    /// <summary>Chi square of 99 degrees of freedom exceeds 149 once in a thousand runs; the dice are seeded, so this is not one.</summary>
    [Theory]
    [InlineData("Random", 149)]
    [InlineData("LeastRequest", 149)]
    [InlineData("RoundRobin", 0.001)]
    [InlineData("Maglev", 149)]
    public void LoadIsSpreadEvenly(string policy, double limit)
    {
        const int endpoints = 100;
        const int picks = 100_000;
        var balancer = Build([.. Enumerable.Range(0, endpoints).Select(i => Member($"10.0.0.{i}"))], Enum.Parse<LoadBalancingPolicy>(policy));

        var counts = Count(balancer, picks, i => Xxh64.Hash(i.ToString(System.Globalization.CultureInfo.InvariantCulture)));

        const double expected = (double)picks / endpoints;
        Assert.Equal(endpoints, counts.Count);
        Assert.InRange(counts.Values.Sum(c => (c - expected) * (c - expected) / expected), 0, limit);
    }

    private string[] Pickable(ClusterMember[] members, double panic = 0)
    {
        Build(members, new LoadBalancingConfig(LoadBalancingPolicy.RoundRobin) { PanicThresholdPercent = panic }, out var pickable);
        return [.. pickable.Select(e => e.Key.Address)];
    }

    private Balancer Build(ClusterMember[] members, LoadBalancingPolicy policy = LoadBalancingPolicy.RoundRobin) => Build(members, new LoadBalancingConfig(policy));

    private Balancer Build(ClusterMember[] members, LoadBalancingConfig config) => Build(members, config, out _);

    private Balancer Build(ClusterMember[] members, LoadBalancingConfig config, out Endpoint[] pickable) =>
        new BalancerBuilder(new Turn(), _time, new SeededRandom(1)).Build(config, 140, members, out pickable, out _);
}
