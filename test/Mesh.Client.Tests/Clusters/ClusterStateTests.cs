using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.LoadBalancing;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Dependencies;

namespace ProxylessMesh.Client.Tests.Clusters;

public sealed class ClusterStateTests
{
    private readonly StubUpstream _upstream = new();
    private readonly ClusterState _cluster;

    public ClusterStateTests() => _cluster = new ClusterState(Sample.ClusterName, _upstream.Handler, new FakeTime(), new SeededRandom(1));

    [Fact]
    public void RoundRobinTakesTurns()
    {
        _cluster.Apply(Sample.Snapshot(Sample.Cluster(), Sample.Endpoints("a", "b", "c")));

        Assert.Equal("abcabc", Picks(6));
    }

    [Fact]
    public void RandomReachesEveryEndpointEvenly()
    {
        _cluster.Apply(Sample.Snapshot(Sample.Cluster(LoadBalancingPolicy.Random), Sample.Endpoints("a", "b", "c")));

        var picks = Picks(9000);

        Assert.All("abc", name => Assert.InRange(picks.Count(p => p == name), 2700, 3300));
    }

    [Fact]
    public void LeastRequestAvoidsTheBusyOne()
    {
        _cluster.Apply(Sample.Snapshot(Sample.Cluster(LoadBalancingPolicy.LeastRequest), Sample.Endpoints("a", "b")));
        var busy = _cluster.Model.Known.Single(e => e.Key.Address == "a");
        for (var i = 0; i < 100; i++)
        {
            Assert.True(busy.TryAcquire());
        }

        var picks = Picks(1000);

        // Both samples are the busy one in a quarter of the picks; else the idle one wins.
        Assert.InRange(picks.Count(p => p == 'a'), 150, 350);
    }

    [Fact]
    public void EndpointsKeepTheirStateWhileTheirAddressStays()
    {
        _cluster.Apply(Sample.Snapshot(Sample.Cluster(), Sample.Endpoints("a", "b")));
        var before = _cluster.Model.Known.Single(e => e.Key.Address == "b");

        _cluster.Apply(Sample.Snapshot(Sample.Cluster(LoadBalancingPolicy.Random), Sample.Endpoints(Sample.Endpoint("b", weight: 5), Sample.Endpoint("c"))));

        Assert.Same(before, _cluster.Model.Known.Single(e => e.Key.Address == "b"));
    }

    [Theory]
    [InlineData("a0,a1,a2,a3,a4", "a0,a1,b,a3,a4")]
    [InlineData("a0,a1,a2,a3,a4", "a0,a1,a3,a4")]
    [InlineData("a0,a1,a2,a3,a4", "a0,a1,b,a2,a3,a4")]
    [InlineData("a0,a1,a2,a3,a4", "a4,a3,a2,a1,a0,c")]
    public async Task UpdateDropsNoConnectionToAnEndpointThatStays(string before, string after)
    {
        var configs = before.Split(',').Concat(after.Split(',')).Distinct().ToDictionary(a => a, a => Sample.Endpoint(a));
        _cluster.Apply(Sample.Snapshot(Sample.Cluster(), Sample.Endpoints([.. before.Split(',').Select(a => configs[a])])));
        var known = _cluster.Model.Known.ToDictionary(e => e.Key.Address);
        foreach (var (address, endpoint) in known)
        {
            _upstream.Status(address, 200);
            Assert.True(endpoint.TryAcquire());
            using var response = await endpoint.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080/"), default);
            endpoint.Release();
        }

        _cluster.Apply(Sample.Snapshot(Sample.Cluster(), Sample.Endpoints([.. after.Split(',').Select(a => configs[a])])));

        var gone = before.Split(',').Except(after.Split(','));
        Assert.Equal(gone.Order(), _upstream.DisposedHandlers.Order());
        Assert.Equal(after.Split(','), _cluster.Model.Known.Select(e => e.Key.Address));
        Assert.All(_cluster.Model.Known.Where(e => known.ContainsKey(e.Key.Address)), e => Assert.Same(known[e.Key.Address], e));
    }

    [Fact]
    public void ChangedTlsMeansNewConnections()
    {
        _cluster.Apply(Sample.Snapshot(Sample.Cluster(), Sample.Endpoints("a")));
        var plain = _cluster.Model.Known.Single();

        _cluster.Apply(Sample.Snapshot(Sample.Cluster(tls: new UpstreamTlsConfig("default", "default", [], "", [])), Sample.Endpoints("a")));

        Assert.NotSame(plain, _cluster.Model.Known.Single());
        Assert.False(plain.TryAcquire());
    }

    [Fact]
    public async Task RemovedEndpointFinishesItsRequestsBeforeItsConnectionsGo()
    {
        _upstream.Status("a", 200);
        _cluster.Apply(Sample.Snapshot(Sample.Cluster(), Sample.Endpoints("a")));
        var endpoint = _cluster.Pick(default)!;
        using var response = await endpoint.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080/"), default);

        _cluster.Apply(Sample.Snapshot(Sample.Cluster(), Sample.Endpoints("b")));

        Assert.DoesNotContain("a", _upstream.DisposedHandlers);
        endpoint.Release();
        Assert.Contains("a", _upstream.DisposedHandlers);
    }

    [Fact]
    public void TriedEndpointsAreAvoidedWhileOthersAreThere()
    {
        _cluster.Apply(Sample.Snapshot(Sample.Cluster(), Sample.Endpoints("a", "b")));
        var tried = default(TriedEndpoints);
        tried.Add(_cluster.Model.Known.Single(e => e.Key.Address == "a"));

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("b", _cluster.Pick(in tried)!.Key.Address);
        }

        tried.Add(_cluster.Model.Known.Single(e => e.Key.Address == "b"));
        Assert.NotNull(_cluster.Pick(in tried));
    }

    [Fact]
    public void FirstTransportSocketMatchDecidesTls()
    {
        var mutual = new UpstreamTlsConfig("default", "default", [], "sni", []);
        var config = Sample.Cluster() with
        {
            TlsMatches =
            [
                new TlsMatchConfig("tlsMode-istio", EquatableMap.From([new("tlsMode", "istio")]), mutual),
                new TlsMatchConfig("tlsMode-disabled", EquatableMap.Empty, null),
            ],
        };
        var secure = Sample.Endpoint("a") with { TransportMatch = EquatableMap.From([new("tlsMode", "istio")]) };
        _cluster.Apply(Sample.Snapshot(config, Sample.Endpoints(secure, Sample.Endpoint("b"))));

        Assert.Equal(mutual, _cluster.Model.Known.Single(e => e.Key.Address == "a").Key.Tls);
        Assert.Null(_cluster.Model.Known.Single(e => e.Key.Address == "b").Key.Tls);
    }

    [Fact]
    public void MissingClusterSaysWhy()
    {
        _cluster.Apply(new ClusterSnapshot(Sample.ClusterName, null, null, "the control plane has no such cluster"));

        Assert.Null(_cluster.Pick(default));
        Assert.Equal(
            "no cluster for reviews.default.svc.cluster.local:9080 subset v2: the control plane has no such cluster; route \"canary\"",
            ClusterDescription.WhyNoEndpoint(_cluster, "route \"canary\"", new FakeTime()));
    }

    private string Picks(int count) => string.Concat(Enumerable.Range(0, count).Select(_ =>
    {
        var endpoint = _cluster.Pick(default)!;
        endpoint.Release();
        return endpoint.Key.Address;
    }));
}
