using System.Net;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.NameResolution;
using ProxylessMesh.Client.Tests.NameResolution;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Dependencies;

namespace ProxylessMesh.Client.Tests.Clusters;

public sealed class DnsClusterTests : IDisposable
{
    private readonly ScriptedResolver _resolver = new();
    private readonly FakeTime _time = new();
    private readonly ClusterState _cluster;

    public DnsClusterTests() => _cluster = new ClusterState(Sample.ClusterName, new StubUpstream().Handler, _time, new ZeroRandom(), _resolver);

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task AddressesComeAndGoWhileThoseThatStayKeepTheirState()
    {
        await StartAsync(ClusterDiscovery.StrictDns, "10.0.0.2", "10.0.0.1");
        var kept = Known("10.0.0.1");
        Assert.True(kept.TryAcquire());

        await NextAsync(NameAnswer.Of([IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.3")]));

        Assert.Equal(["10.0.0.1", "10.0.0.3"], _cluster.Model.Known.Select(e => e.Key.Address));
        Assert.Same(kept, Known("10.0.0.1"));
        Assert.Equal(1, Known("10.0.0.1").Active);
        Assert.Equal("api.test", kept.Key.Hostname);
    }

    [Fact]
    public async Task FailedLookUpLeavesTheEndpointsInForce()
    {
        await StartAsync(ClusterDiscovery.StrictDns, "10.0.0.1");

        await NextAsync(NameAnswer.Failed("name server says SERVFAIL"));

        Assert.Equal("10.0.0.1", _cluster.Pick(default)!.Key.Address);
    }

    [Fact]
    public async Task LogicalClusterIsOneEndpointWithTheNewestAddresses()
    {
        await StartAsync(ClusterDiscovery.LogicalDns, "10.0.0.1", "10.0.0.2");
        var endpoint = Assert.Single(_cluster.Model.Known);

        await NextAsync(NameAnswer.Of([IPAddress.Parse("10.0.0.9")]));

        Assert.Same(endpoint, Assert.Single(_cluster.Model.Known));
        Assert.Equal([IPAddress.Parse("10.0.0.9")], _cluster.AddressesOf("api.test"));
    }

    [Fact]
    public async Task NothingIsSaidToBeMissingBeforeTheFirstLookUpHasEnded()
    {
        Apply(ClusterDiscovery.StrictDns);
        var first = _cluster.FirstAddresses;
        Assert.NotNull(first);

        await _resolver.AnswerAsync(NameAnswer.Failed("no such name (NXDOMAIN)"));
        await first.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Null(_cluster.FirstAddresses);
        Assert.Null(_cluster.Pick(default));
        Assert.Equal(
            "no healthy endpoint for reviews.default.svc.cluster.local:9080 subset v2: looking up api.test failed: no such name (NXDOMAIN)",
            ClusterDescription.WhyNoEndpoint(_cluster, "", _time));
    }

    private Endpoint Known(string address) => _cluster.Model.Known.Single(e => e.Key.Address == address);

    private void Apply(ClusterDiscovery discovery) => _cluster.Apply(new ClusterSnapshot(
        Sample.ClusterName, Sample.Cluster() with { Discovery = discovery }, Sample.Endpoints("api.test"), null));

    private async Task StartAsync(ClusterDiscovery discovery, params string[] addresses)
    {
        Apply(discovery);
        await _resolver.AnswerAsync(NameAnswer.Of([.. addresses.Select(IPAddress.Parse)]));
        await _time.WhenArmedAsync(1);
    }

    /// <summary>The next look-up, five seconds later.</summary>
    private async Task NextAsync(NameAnswer answer)
    {
        _time.Advance(TimeSpan.FromSeconds(5));
        await _resolver.AnswerAsync(answer);
        await _time.WhenArmedAsync(1);
    }
}
