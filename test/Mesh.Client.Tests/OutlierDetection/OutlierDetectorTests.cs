using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.OutlierDetection;
using ProxylessMesh.Client.Retries;
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
            ClusterDescription.WhyNoEndpoint(_cluster, "route \"canary\"", _time));
    }

    [Fact]
    public void AnErrorOfTheAppEndsARowOfGatewayFailures()
    {
        Configure(Sample.Outliers(consecutive5xx: 0) with { ConsecutiveGatewayFailures = 2 }, "a", "b");

        Record("a", AttemptVerdict.GatewayFailure, 1);
        Record("a", AttemptVerdict.ServerError, 1);
        Record("a", AttemptVerdict.GatewayFailure, 1);

        Assert.Equal(["a", "b"], Pickable());
    }

    [Fact]
    public void LocalFailuresCountAsGatewayFailuresUnlessTheyAreSplit()
    {
        Configure(Sample.Outliers(consecutive5xx: 2), "a", "b");
        Record("a", AttemptVerdict.LocalFailure, 2);
        Assert.Equal(["b"], Pickable());

        Configure(Sample.Outliers(consecutive5xx: 2) with { SplitLocalOrigin = true, ConsecutiveLocalOriginFailures = 3 }, "c", "d");
        Record("c", AttemptVerdict.LocalFailure, 2);
        Record("c", AttemptVerdict.Success, 1);
        Record("c", AttemptVerdict.LocalFailure, 2);
        Assert.Equal(["c", "d"], Pickable());
        Record("c", AttemptVerdict.LocalFailure, 1);
        Assert.Equal(["d"], Pickable());
    }

    [Fact]
    public void TheEndpointThatSucceedsMuchMoreSeldomGoesAtTheSweep()
    {
        Configure(Sample.Outliers(consecutive5xx: 0) with { SuccessRate = new SuccessRateConfig(5, 100, 1900, 100) }, "a", "b", "c", "d", "e");
        foreach (var good in "abcd")
        {
            Record(good.ToString(), AttemptVerdict.Success, 100);
        }

        Record("e", AttemptVerdict.Success, 50);
        Record("e", AttemptVerdict.ServerError, 50);
        Assert.Contains("e", Pickable());
        _time.Advance(TimeSpan.FromSeconds(10));

        // Mean 0.9, standard deviation 0.2: the bar is 0.52.
        Assert.Equal(["a", "b", "c", "d"], Pickable());
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(5, Pickable().Length);
    }

    [Fact]
    public void TooFewEndpointsOrAttemptsAreNotJudged()
    {
        Configure(Sample.Outliers(consecutive5xx: 0) with { SuccessRate = new SuccessRateConfig(3, 100, 1900, 100) }, "a", "b", "c");
        Record("a", AttemptVerdict.ServerError, 100);
        Record("b", AttemptVerdict.Success, 100);
        Record("c", AttemptVerdict.Success, 99);

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(3, Pickable().Length);
    }

    [Fact]
    public void TheShareOfFailuresIsThatOfOneInterval()
    {
        Configure(Sample.Outliers(consecutive5xx: 0) with { FailurePercentage = new FailurePercentageConfig(50, 1, 10, 100) }, "a", "b");
        Record("a", AttemptVerdict.ServerError, 9);
        _time.Advance(TimeSpan.FromSeconds(10));
        Record("a", AttemptVerdict.ServerError, 5);
        Record("a", AttemptVerdict.Success, 6);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(2, Pickable().Length);

        Record("a", AttemptVerdict.ServerError, 5);
        Record("a", AttemptVerdict.Success, 5);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(["b"], Pickable());
    }

    [Fact]
    public void TheEndpointThatCannotBeReachedGoesAtTheSweepWhateverTheOthersAnswer()
    {
        var split = Sample.Outliers(consecutive5xx: 0) with { SplitLocalOrigin = true };
        Configure(split with { LocalOriginSuccessRate = new SuccessRateConfig(5, 100, 1900, 100) }, "a", "b", "c", "d", "e");
        foreach (var reached in "abcd")
        {
            Record(reached.ToString(), AttemptVerdict.ServerError, 100);
        }

        Record("e", AttemptVerdict.Success, 50);
        Record("e", AttemptVerdict.LocalFailure, 50);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["a", "b", "c", "d"], Pickable());

        Configure(split with { LocalOriginFailurePercentage = new FailurePercentageConfig(50, 1, 10, 100) }, "x", "y");
        Record("x", AttemptVerdict.LocalFailure, 5);
        Record("x", AttemptVerdict.ServerError, 6);
        Record("y", AttemptVerdict.LocalFailure, 5);
        Record("y", AttemptVerdict.Success, 5);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["x"], Pickable());
    }

    [Fact]
    public void SplitAttemptsWithoutAResponseAreNotJudgedAsResponses()
    {
        Configure(
            Sample.Outliers(consecutive5xx: 0) with { SplitLocalOrigin = true, FailurePercentage = new FailurePercentageConfig(50, 1, 10, 100) }, "a", "b");
        Record("a", AttemptVerdict.LocalFailure, 100);
        Record("a", AttemptVerdict.Success, 10);

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(2, Pickable().Length);
    }

    [Theory]
    [InlineData(429, null, AttemptVerdict.Success)]
    [InlineData(429, 429, AttemptVerdict.ServerError)]
    [InlineData(503, 503, AttemptVerdict.GatewayFailure)]
    [InlineData(503, 429, AttemptVerdict.Success)]
    [InlineData(200, 429, AttemptVerdict.Success)]
    internal void WhatCountsAsAnErrorIsTheClustersToSay(int status, int? error, AttemptVerdict expected)
    {
        using var response = new HttpResponseMessage((System.Net.HttpStatusCode)status);

        Assert.Equal(
            expected,
            new AttemptResult(response, AttemptOutcome.Response, null, cancelled: false).Judge(error is null ? null : StatusSet.Where(s => s == error)));
    }

    [Fact]
    public void AShareOfEjectionsIsCarriedOutAndTheCountStartsAnew()
    {
        var ejections = 0;
        for (var i = 0; i < 200; i++)
        {
            Configure(null, "a", "b");
            Configure(Sample.Outliers(consecutive5xx: 2) with { EnforcingConsecutive5xx = 50 }, "a", "b");
            Record("a", AttemptVerdict.Success, 1);
            Record("a", AttemptVerdict.ServerError, 3);
            ejections += 2 - Pickable().Length;
        }

        Assert.InRange(ejections, 60, 140);
    }

    [Fact]
    public void OneMayAlwaysGoWhereTheConfigurationSaysSo()
    {
        Configure(Sample.Outliers(consecutive5xx: 1, maxPercent: 0) with { AlwaysEjectOne = true }, "a", "b");

        Record("a", AttemptVerdict.ServerError, 1);
        Record("b", AttemptVerdict.ServerError, 1);

        Assert.Equal(["b"], Pickable());
    }

    [Fact]
    public void JitterMakesAnEjectionLongerButNotForEver()
    {
        Configure(Sample.Outliers(consecutive5xx: 1) with { MaxJitter = TimeSpan.FromSeconds(30) }, "a", "b");

        Record("a", AttemptVerdict.ServerError, 1);

        var until = _cluster.Model.Known[0].Ejection.Time;
        Assert.InRange(until.TotalSeconds, 30.0001, 60);
        _time.Advance(TimeSpan.FromSeconds(70));
        Assert.Equal(2, Pickable().Length);
    }

    [Theory]
    [InlineData("14", AttemptVerdict.GatewayFailure)]
    [InlineData("13", AttemptVerdict.ServerError)]
    [InlineData("5", AttemptVerdict.Success)]
    [InlineData("0", AttemptVerdict.Success)]
    internal void TrailersOnlyGrpcResponsesCountByTheirStatus(string status, AttemptVerdict expected)
    {
        using var response = new HttpResponseMessage { Version = System.Net.HttpVersion.Version20 };
        response.Headers.TryAddWithoutValidation("grpc-status", status);

        Assert.True(GrpcVerdict.IsGrpc(response));
        Assert.Equal(expected, GrpcVerdict.Of(response));
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
