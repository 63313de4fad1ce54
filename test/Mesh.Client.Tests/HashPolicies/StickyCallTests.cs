using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Routing;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests.HashPolicies;

public sealed class StickyCallTests : IDisposable
{
    private readonly StubUpstream _upstream = new();
    private readonly CallContext _context = new(new FakeTime(), new SeededRandom(1));
    private readonly HttpMessageInvoker _passThrough = new(new SocketsHttpHandler());
    private readonly RouteModel _route;

    public StickyCallTests()
    {
        string[] addresses = ["a", "b", "c", "d", "e"];
        var cluster = new ClusterState(Sample.ClusterName, _upstream.Handler, _context.Time, _context.Random);
        cluster.Apply(Sample.Snapshot(Sample.Cluster(LoadBalancingPolicy.RingHash), Sample.Endpoints(addresses)));
        foreach (var address in addresses)
        {
            _upstream.Status(address, 200);
        }

        var policy = new HashPolicyConfig(HashPolicyKind.Cookie, "user", false) { CookieTtl = TimeSpan.Zero };
        _route = RouteModel.Compile(
            new RouteEntryConfig(
                "sticky",
                new RouteMatchConfig(new PathMatchConfig(PathMatchKind.Prefix, "/"), [], [], null),
                new ForwardActionConfig([new WeightedClusterConfig(Sample.ClusterName, 1)], null, null) { HashPolicies = [policy] }),
            _ => cluster);
    }

    public void Dispose() => _passThrough.Dispose();

    [Fact]
    public async Task TheCookieOfTheFirstResponseLeadsBackToItsEndpoint()
    {
        for (var session = 0; session < 20; session++)
        {
            _upstream.Calls.Clear();
            using var first = await Send(null);
            var cookie = Assert.Single(first.Headers.GetValues("Set-Cookie")).Split(';')[0];
            using var second = await Send(cookie);
            using var third = await Send(cookie);

            Assert.Single(_upstream.Calls.Distinct());
            Assert.False(second.Headers.Contains("Set-Cookie"));
        }
    }

    [Fact]
    public async Task SessionsAreSpread()
    {
        for (var session = 0; session < 100; session++)
        {
            using var response = await Send(null);
        }

        Assert.Equal(5, _upstream.Calls.Distinct().Count());
    }

    private Task<HttpResponseMessage> Send(string? cookie)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080/");
        if (cookie is not null)
        {
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
        }

        return MeshCall.SendAsync(request, _route, _passThrough, _context, default);
    }
}
