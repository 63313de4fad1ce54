using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Client.Tests.LoadBalancing;

/// <summary>gRFC A58 in a cluster, by its clock.</summary>
public sealed class WeightedByReportsTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly ClusterState _cluster;

    public WeightedByReportsTests() => _cluster = new ClusterState(Sample.ClusterName, new StubUpstream().Handler, _time, new SeededRandom(1));

    [Fact]
    public void Without_reports_it_is_round_robin_and_with_two_it_goes_by_weight()
    {
        Apply(new ClientWeightsConfig());
        Assert.Equal("abcabc", Picks(6));

        Report("a", 0.2);
        Report("b", 0.8);
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal("abcabc", Picks(6));

        // 500 and 125 a second; c has the mean, 312.5.
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Shares(1600, 400, 1000), Counts(3000), Near(10));
    }

    [Fact]
    public void Weights_are_looked_at_once_a_period_and_expire()
    {
        Apply(new ClientWeightsConfig { Blackout = TimeSpan.Zero, UpdatePeriod = TimeSpan.FromSeconds(5) });
        Report("a", 0.1);
        Report("b", 0.1);
        Report("c", 0.4);
        Assert.Equal(Shares(1000, 1000, 1000), Counts(3000), Near(10));

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(Shares(1000, 1000, 250), Counts(2250), Near(10));

        _time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(Shares(1000, 1000, 1000), Counts(3000), Near(10));
    }

    [Fact]
    public void An_update_of_the_configuration_keeps_the_weights_and_a_new_policy_forgets_the_timer()
    {
        Apply(new ClientWeightsConfig { Blackout = TimeSpan.Zero });
        Report("a", 0.1);
        Report("b", 0.3);
        _cluster.Apply(Sample.Snapshot(Config(new ClientWeightsConfig { Blackout = TimeSpan.Zero, ErrorPenalty = 2 }), Sample.Endpoints("a", "b")));

        var counts = Counts(400);
        Assert.Equal((300, 100), (counts["a"], counts["b"]));
        Assert.Equal(1, _time.ArmedTimers);

        _cluster.Apply(Sample.Snapshot(Sample.Cluster(), Sample.Endpoints("a", "b")));
        Assert.Equal(0, _time.ArmedTimers);
        Assert.All(_cluster.Model.Known, e => Assert.Null(e.Load));
        Assert.Equal(200, Counts(400)["a"]);
    }

    [Fact]
    public void Localities_keep_their_shares()
    {
        var endpoints = new EndpointsConfig(Sample.ClusterName,
        [
            new LocalityConfig(new LocalityId("", "z1", ""), 3, 0, [Sample.Endpoint("a"), Sample.Endpoint("b")]),
            new LocalityConfig(new LocalityId("", "z2", ""), 1, 0, [Sample.Endpoint("c")]),
        ]);
        _cluster.Apply(Sample.Snapshot(Config(new ClientWeightsConfig { Blackout = TimeSpan.Zero }), endpoints));
        Report("a", 0.1);
        Report("b", 0.2);
        Report("c", 0.001);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(Shares(2000, 1000, 1000), Counts(4000), Near(10));
    }

    [Fact]
    public void What_warms_up_has_a_part_of_its_weight()
    {
        var config = Config(new ClientWeightsConfig { Blackout = TimeSpan.Zero });
        config = config with { LoadBalancing = config.LoadBalancing with { SlowStart = new SlowStartConfig(TimeSpan.FromSeconds(100), 1, 0.1) } };
        _cluster.Apply(Sample.Snapshot(config, Sample.Endpoints("a", "b")));
        _time.Advance(TimeSpan.FromSeconds(100));
        Report("a", 0.5);
        Report("b", 0.5);
        _cluster.Apply(Sample.Snapshot(config, Sample.Endpoints("a", "b", "c")));
        _time.Advance(TimeSpan.FromSeconds(50));

        Assert.Equal(Shares(1000, 1000, 500), Counts(2500), Near(25));
    }

    [Fact]
    public void A_pick_allocates_nothing()
    {
        Apply(new ClientWeightsConfig { Blackout = TimeSpan.Zero });
        Report("a", 0.1);
        Report("b", 0.9);
        _time.Advance(TimeSpan.FromSeconds(1));
        Counts(100);
        var tried = default(TriedEndpoints);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            _cluster.Pick(in tried)!.Release();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    public void Dispose() => _cluster.Dispose();

    private static ClusterConfig Config(ClientWeightsConfig weights) =>
        Sample.Cluster() with { LoadBalancing = new LoadBalancingConfig(LoadBalancingPolicy.ClientSideWeightedRoundRobin) { ClientWeights = weights } };

    private static Dictionary<string, int> Shares(int a, int b, int c) => new() { ["a"] = a, ["b"] = b, ["c"] = c };

    private static EqualityComparer<Dictionary<string, int>> Near(int difference) => EqualityComparer<Dictionary<string, int>>.Create(
        (x, y) => x!.All(s => Math.Abs(s.Value - y!.GetValueOrDefault(s.Key)) <= difference));

    private void Apply(ClientWeightsConfig weights) => _cluster.Apply(Sample.Snapshot(Config(weights), Sample.Endpoints("a", "b", "c")));

    private void Report(string address, double cpu)
    {
        var report = new LoadReport(cpu, 0, 0, 100, 0);
        _cluster.Model.Known.Single(e => e.Key.Address == address).WeightByReports().Update(in report, ClientWeightsConfig.Default, _time.GetTimestamp());
    }

    private string Picks(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => Pick()));

    private Dictionary<string, int> Counts(int count) => Enumerable.Range(0, count).Select(_ => Pick()).CountBy(a => a).ToDictionary();

    private string Pick()
    {
        var tried = default(TriedEndpoints);
        var endpoint = _cluster.Pick(in tried)!;
        endpoint.Release();
        return endpoint.Key.Address;
    }
}
