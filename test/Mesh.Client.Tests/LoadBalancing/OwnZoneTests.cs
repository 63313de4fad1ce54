using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using static ProxylessMesh.Client.Tests.LoadBalancing.SampleEndpoints;

namespace ProxylessMesh.Client.Tests.LoadBalancing;

/// <summary>Envoy, "Zone aware routing": when calls stay in the caller's zone, and when not.</summary>
public sealed class OwnZoneTests
{
    private const EndpointHealth Bad = EndpointHealth.Unhealthy;

    [Theory]
    [InlineData("RoundRobin")]
    [InlineData("Random")]
    [InlineData("LeastRequest")]
    public void CallsStayInTheOwnZone(string policy) => Assert.Equal(["a", "b"], Reached(Spread(), policy: Enum.Parse<LoadBalancingPolicy>(policy)));

    [Theory]
    [InlineData(6UL, 2)]
    [InlineData(7UL, 6)]
    public void ASmallClusterIsUsedAlike(ulong minimum, int reached) => Assert.Equal(reached, Reached(Spread(), minimum: minimum).Length);

    [Fact]
    public void AZoneWithoutHealthyEndpointsIsLeft()
    {
        Assert.Equal(["b"], Reached([Member("a", zone: "here", health: Bad), .. Spread()[1..]], minimum: 1));
        Assert.Equal(["c", "d", "e", "f"], Reached([Member("a", zone: "here", health: Bad), Member("b", zone: "here", health: Bad), .. Spread()[2..]], minimum: 1));
    }

    [Fact]
    public void SomewhereElseAllAreUsedAlike() => Assert.Equal(6, Reached(Spread(), own: "nowhere").Length);

    [Fact]
    public void WeightsOfLocalitiesDoNotCount()
    {
        var counts = Count(Build([Member("a", zone: "x", localityWeight: 99), Member("b", zone: "y")], new ZoneAwareConfig(100, 6, false)), 1000);

        Assert.Equal((500, 500), (counts["a"], counts["b"]));
    }

    [Fact]
    public void OnlyTheFirstPriorityGoesByZones()
    {
        ClusterMember[] members = [Member("gone", health: Bad), .. Spread().Select(m => m with { Priority = 1 })];

        Assert.Equal(6, Reached(members).Length);
    }

    [Fact]
    public void APercentageOfCalls()
    {
        var counts = Count(Build(Spread(), new ZoneAwareConfig(40, 6, false)), 10_000);

        // 40 % stay, and of the others a third comes back.
        Assert.InRange(counts["a"] + counts["b"], 5800, 6200);
        Assert.Equal(6, counts.Count);
    }

    [Theory]
    [InlineData(false, 6)]
    [InlineData(true, 0)]
    public void InPanicAllAreUsedOrNone(bool fails, int usable)
    {
        var config = new LoadBalancingConfig(LoadBalancingPolicy.RoundRobin) { ZoneAware = new ZoneAwareConfig(100, 1, fails), PanicThresholdPercent = 50 };
        ClusterMember[] members = [.. Spread().Select((m, i) => i < 5 ? m with { Config = Sample.Endpoint("x", health: Bad) } : m)];

        new BalancerBuilder(new Turn(), new FakeTime(), new SeededRandom(1)) { Own = Here }.Build(config, 140, members, out var pickable, out _);

        Assert.Equal(usable, pickable.Length);
    }

    private static LocalityId Here => new("", "here", "");

    private static ClusterMember[] Spread() =>
        [Member("a", zone: "here"), Member("b", zone: "here"), Member("c", zone: "there"), Member("d", zone: "there"), Member("e", zone: "far"), Member("f", zone: "far")];

    private static string[] Reached(
        ClusterMember[] members, ulong minimum = 6, string own = "here", LoadBalancingPolicy policy = LoadBalancingPolicy.RoundRobin) =>
        [.. Count(Build(members, new ZoneAwareConfig(100, minimum, false), own, policy), 1000).Keys.Order(StringComparer.Ordinal)];

    private static Balancer Build(
        ClusterMember[] members, ZoneAwareConfig zones, string own = "here", LoadBalancingPolicy policy = LoadBalancingPolicy.RoundRobin) =>
        new BalancerBuilder(new Turn(), new FakeTime(), new SeededRandom(1)) { Own = new LocalityId("", own, "") }
            .Build(new LoadBalancingConfig(policy) { ZoneAware = zones }, 140, members, out _, out _);
}
