using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.LoadBalancing;

public sealed class RingHashTests
{
    /// <summary>The ring that Envoy's own test of its ring hash balancer writes down for six endpoints and a minimum of 12.</summary>
    private static readonly (int Port, ulong Position)[] EnvoysRing =
    [
        (94, 833437586790550860),
        (92, 928266305478181108),
        (90, 1033482794131418490),
        (95, 3551244743356806947),
        (93, 3851675632748031481),
        (91, 5583722120771150861),
        (91, 6311230543546372928),
        (93, 7700377290971790572),
        (95, 13144177310400110813),
        (92, 13444792449719432967),
        (94, 15516499411664133160),
        (90, 16117243373044804889),
    ];

    [Fact]
    public void TheRingIsEnvoys()
    {
        var ring = Ring(12, [90, 91, 92, 93, 94, 95]);

        Assert.Equal(EnvoysRing.Select(e => e.Position), ring.Positions.ToArray());
        Assert.All(EnvoysRing, e => Assert.Equal(e.Port, ring.Pick(e.Position, 0)!.Key.Port));
    }

    [Fact]
    public void TheEntryAtOrAfterTheHashIsPickedRoundTheRing()
    {
        var ring = Ring(12, [90, 91, 92, 93, 94, 95]);

        Assert.Equal(94, ring.Pick(0, 0)!.Key.Port);
        Assert.Equal(92, ring.Pick(833437586790550861, 0)!.Key.Port);
        Assert.Equal(94, ring.Pick(ulong.MaxValue, 0)!.Key.Port);
        Assert.Equal(92, ring.Pick(ulong.MaxValue, 1)!.Key.Port);
    }

    [Fact]
    public void TheOrderOfEndpointsDoesNotMatter() =>
        Assert.Equal(Ring(1024, [90, 91, 92]).Positions.ToArray(), Ring(1024, [92, 90, 91]).Positions.ToArray());

    [Fact]
    public void WeightsGiveEntriesAndTheMaximumHolds()
    {
        var weighted = new RingHash([SampleEndpoints.Weighted("a", 1, 1), SampleEndpoints.Weighted("b", 1, 3)], Config(4, 8_000_000));
        Assert.Equal(4, weighted.Positions.Length);

        var capped = new RingHash([SampleEndpoints.Weighted("a", 1, 1), SampleEndpoints.Weighted("b", 1, 1_000_000)], Config(1024, 2048));
        Assert.Equal(2048, capped.Positions.Length);
    }

    [Fact]
    public void AnEndpointMoreMovesOnlyItsShareOfTheKeys()
    {
        var before = Ring(1024, [.. Enumerable.Range(1, 10)]);
        var after = Ring(1024, [.. Enumerable.Range(1, 11)]);

        var moved = Enumerable.Range(0, 10_000).Count(i => Key(before, i) != Key(after, i));

        Assert.InRange(moved, 500, 2000);
    }

    private static int Key(RingHash ring, int key) => ring.Pick(Xxh64.Hash($"key-{key}"), 0)!.Key.Port;

    private static RingHash Ring(int minimum, int[] ports) =>
        new([.. ports.Select(p => SampleEndpoints.Weighted("127.0.0.1", p))], Config(minimum, LoadBalancingConfig.MaxRingSize));

    private static LoadBalancingConfig Config(int minimum, int maximum) =>
        new(LoadBalancingPolicy.RingHash) { MinimumRingSize = minimum, MaximumRingSize = maximum };
}
