using ProxylessMesh.Client.LoadBalancing;

namespace ProxylessMesh.Client.Tests.LoadBalancing;

public sealed class MaglevTests
{
    /// <summary>The table that Envoy's own test of its Maglev balancer writes down for six endpoints and seven entries.</summary>
    [Fact]
    public void TheTableIsEnvoys()
    {
        var maglev = new Maglev([.. Enumerable.Range(90, 6).Select(p => SampleEndpoints.Weighted("127.0.0.1", p))], 7);

        Assert.Equal([92, 94, 90, 91, 95, 90, 93], maglev.Table.ToArray().Select(e => e.Key.Port));
    }

    [Fact]
    public void EqualEndpointsGetEqualSharesWhateverTheirOrder()
    {
        var ports = Enumerable.Range(1, 100).ToArray();
        var table = Table(ports);

        Assert.Equal(table, Table([.. ports.Reverse()]));
        Assert.All(table.GroupBy(p => p), g => Assert.InRange(g.Count(), 655, 656));
    }

    [Fact]
    public void WeightsAreRespected()
    {
        var maglev = new Maglev([SampleEndpoints.Weighted("a", 1, 3), SampleEndpoints.Weighted("b", 1, 1)], 65537);

        Assert.InRange(maglev.Table.ToArray().Count(e => e.Key.Address == "a"), 49_100, 49_200);
    }

    [Fact]
    public void AFurtherAttemptGoesElsewhere()
    {
        var maglev = new Maglev([.. Enumerable.Range(1, 100).Select(p => SampleEndpoints.Weighted("127.0.0.1", p))], 65537);

        Assert.InRange(Enumerable.Range(0, 100).Count(i => maglev.Pick((ulong)i * 7919, 0) != maglev.Pick((ulong)i * 7919, 1)), 90, 100);
    }

    private static int[] Table(int[] ports) =>
        [.. new Maglev([.. ports.Select(p => SampleEndpoints.Weighted("127.0.0.1", p))], 65537).Table.ToArray().Select(e => e.Key.Port)];
}
