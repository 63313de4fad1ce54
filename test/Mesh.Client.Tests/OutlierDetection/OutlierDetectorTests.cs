using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.OutlierDetection;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.OutlierDetection;

public sealed class OutlierDetectorTests
{
    private readonly FakeTime _time = new();
    private readonly ClusterState _cluster;

    public OutlierDetectorTests() => _cluster = new ClusterState(Sample.ClusterName, new StubUpstream().Handler, _time, new SeededRandom(1));

    [Fact]
    public void ErrorsInARowEjectAtOnceAndTheEndpointReturnsAfterItsTime()
    {
        Configure(Sample.Outliers(consecutive5xx: 3), "a", "b");

        Record("a", AttemptVerdict.ServerError, 3);
        Assert.Equal(["b"], Pickable());

        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(["b"], Pickable());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["a", "b"], Pickable());
    }

    [Fact]
    public void ASuccessInBetweenStartsTheCountAnew()
    {
        Configure(Sample.Outliers(consecutive5xx: 3), "a", "b");

        Record("a", AttemptVerdict.ServerError, 2);
        Record("a", AttemptVerdict.Success, 1);
        Record("a", AttemptVerdict.ServerError, 2);

        Assert.Equal(["a", "b"], Pickable());
    }

    [Fact]
    public void TheSecondEjectionLastsTwiceAsLongAndCleanIntervalsForgiveIt()
    {
        Configure(Sample.Outliers(consecutive5xx: 1), "a", "b");
        Record("a", AttemptVerdict.ServerError, 1);
        _time.Advance(TimeSpan.FromSeconds(30));

        Record("a", AttemptVerdict.ServerError, 1);
        _time.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(["b"], Pickable());
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["a", "b"], Pickable());

        _time.Advance(TimeSpan.FromSeconds(30));
        Record("a", AttemptVerdict.ServerError, 1);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(["a", "b"], Pickable());
    }

    [Fact]
    public void NoMoreThanTheAllowedShareIsEjectedButOneAlwaysMayBe()
    {
        Configure(Sample.Outliers(consecutive5xx: 1, maxPercent: 10), "a", "b", "c");

        Record("a", AttemptVerdict.ServerError, 1);
        Record("b", AttemptVerdict.ServerError, 1);

        Assert.Equal(["b", "c"], Pickable());
    }

    [Fact]
    public void MaxEjectionPercentZeroEjectsNobody()
    {
        Configure(Sample.Outliers(consecutive5xx: 1, maxPercent: 0), "a", "b");

        Record("a", AttemptVerdict.ServerError, 5);

        Assert.Equal(["a", "b"], Pickable());
    }

    [Fact]
    public void GatewayFailuresHaveTheirOwnCount()
    {
        Configure(new OutlierDetectionConfig(0, 2, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(300), 100), "a", "b");

        Record("a", AttemptVerdict.ServerError, 10);
        Assert.Equal(["a", "b"], Pickable());
        Record("a", AttemptVerdict.GatewayFailure, 2);
        Assert.Equal(["b"], Pickable());
    }

    [Fact]
    public void TurningItOffLetsEverybodyBack()
    {
        Configure(Sample.Outliers(consecutive5xx: 1), "a", "b");
        Record("a", AttemptVerdict.ServerError, 1);

        Configure(null, "a", "b");

        Assert.Equal(["a", "b"], Pickable());
    }

    [Fact]
    public void WhenAllAreEjectedTheSentenceSaysWhenTheFirstReturns()
    {
        Configure(Sample.Outliers(consecutive5xx: 1), "a", "b");
        Record("a", AttemptVerdict.ServerError, 1);
        _time.Advance(TimeSpan.FromSeconds(6));
        Record("b", AttemptVerdict.ServerError, 1);

        Assert.Null(_cluster.Pick(default));
        Assert.Equal(
            "no healthy endpoint for reviews.default.svc.cluster.local:9080 subset v2: 2 known, 2 ejected (consecutive errors; first returns in 24 s); route \"canary\"",
            ClusterDescription.WhyNoEndpoint(_cluster, "canary", _time));
    }

    private void Configure(OutlierDetectionConfig? outliers, params string[] addresses) =>
        _cluster.Apply(Sample.Snapshot(Sample.Cluster(outliers: outliers), Sample.Endpoints(addresses)));

    private void Record(string address, AttemptVerdict verdict, int times)
    {
        var endpoint = _cluster.Model.Known.Single(e => e.Key.Address == address);
        for (var i = 0; i < times; i++)
        {
            _cluster.Outliers.Record(endpoint, verdict);
        }
    }

    private string[] Pickable() => [.. _cluster.Model.Pickable.Select(e => e.Key.Address)];
}
