using System.Globalization;
using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using static ProxylessMesh.Client.Tests.LoadBalancing.SampleEndpoints;

namespace ProxylessMesh.Client.Tests.LoadBalancing;

/// <summary>
/// Pearson's chi square of the picks of endpoints of different weight. Of 15 degrees of freedom it exceeds 37.7 once in a thousand
/// runs; the dice are seeded and the keys the same each time, so this is not one.
/// </summary>
public sealed class SpreadTests
{
    private const int Picks = 100_000;
    private const int Endpoints = 16;
    private const double Critical = 37.7;

    [Theory]
    [InlineData("RoundRobin", 0.01)]
    [InlineData("Random", Critical)]
    [InlineData("LeastRequest", Critical)]
    public void PicksGoByWeight(string policy, double limit)
    {
        var balancer = Build(Enum.Parse<LoadBalancingPolicy>(policy));

        AssertSpread(balancer, Enumerable.Range(0, Endpoints).ToDictionary(Address, i => (double)Weight(i)), limit);
    }

    /// <summary>Keys are spread over the ring evenly; what of it an endpoint has is its arcs.</summary>
    [Fact]
    public void KeysGoByTheArcsOfARing()
    {
        var ring = (RingHash)Build(LoadBalancingPolicy.RingHash);
        var arcs = new Dictionary<string, double>(StringComparer.Ordinal);
        var previous = ring.Positions[^1];
        foreach (var position in ring.Positions)
        {
            var owner = ring.Pick(position, 0).Key.Address;

            // The first arc goes over zero, which is what this subtraction does.
            arcs[owner] = arcs.GetValueOrDefault(owner) + unchecked(position - previous);
            previous = position;
        }

        AssertSpread(ring, arcs, Critical);
    }

    [Fact]
    public void KeysGoByTheEntriesOfATable()
    {
        var table = (Maglev)Build(LoadBalancingPolicy.Maglev);
        var entries = table.Table.ToArray().GroupBy(e => e.Key.Address).ToDictionary(g => g.Key, g => (double)g.Count());

        AssertSpread(table, entries, Critical);
        for (var i = 0; i < Endpoints; i++)
        {
            var share = (double)LoadBalancingConfig.DefaultTableSize * Weight(i) / Enumerable.Range(0, Endpoints).Sum(Weight);
            Assert.InRange(entries[Address(i)], share - 2, share + 2);
        }
    }

    private static void AssertSpread(Balancer balancer, Dictionary<string, double> shares, double limit)
    {
        var counts = Count(balancer, Picks, i => Xxh64.Hash(string.Create(CultureInfo.InvariantCulture, $"key-{i}")));

        var total = shares.Values.Sum();
        var chiSquare = shares.Sum(s =>
        {
            var expected = Picks * s.Value / total;
            var difference = counts.GetValueOrDefault(s.Key) - expected;
            return difference * difference / expected;
        });
        Assert.Equal(Endpoints, shares.Count);
        Assert.InRange(chiSquare, 0, limit);
    }

    private static string Address(int index) => string.Create(CultureInfo.InvariantCulture, $"10.0.0.{index}");

    private static int Weight(int index) => 1 + (index % 4);

    private static Balancer Build(LoadBalancingPolicy policy) => new BalancerBuilder(new Turn(), new FakeTime(), new SeededRandom(1)).Build(
        new LoadBalancingConfig(policy), 140, [.. Enumerable.Range(0, Endpoints).Select(i => Member(Address(i), (uint)Weight(i)))], out _, out _);
}
