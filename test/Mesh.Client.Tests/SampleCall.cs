using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.LoadReports;
using ProxylessMesh.Client.Routing;
using ProxylessMesh.Client.Sessions;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Tests;

/// <summary>Calls along a forwarding route to a cluster of two endpoints, "a" first, without a network or a real clock.</summary>
internal sealed class SampleCall : IDisposable
{
    private readonly HttpMessageInvoker _passThrough = new(new SocketsHttpHandler());

    public SampleCall(ClusterConfig? config = null, EndpointsConfig? endpoints = null, LoadServices? loads = null)
    {
        Cluster = new ClusterState(Sample.ClusterName, Upstream.Handler, Time, new SeededRandom(1), loads: loads);
        Cluster.Apply(Sample.Snapshot(config ?? Sample.Cluster(), endpoints ?? Sample.Endpoints("a", "b")));
    }

    public FakeTime Time { get; } = new();

    public StubUpstream Upstream { get; } = new();

    public ClusterState Cluster { get; }

    /// <summary>Of the route.</summary>
    public string Name { get; init; } = "canary";

    /// <summary>Of the route.</summary>
    public string? Origin { get; init; }

    /// <summary>Of the listener.</summary>
    public HttpConnectionConfig? Http { get; init; }

    /// <summary>Of the route.</summary>
    public SessionAffinity? Sessions { get; init; }

    public static ForwardActionConfig Forward(RetryPolicyConfig? retry = null, TimeSpan? timeout = null) =>
        new([new WeightedClusterConfig(Sample.ClusterName, 1)], timeout, retry);

    public static HttpRequestMessage Request(HttpContent? content = null) =>
        new(content is null ? HttpMethod.Get : HttpMethod.Post, "http://reviews:9080/") { Content = content };

    public Task<HttpResponseMessage> Send(ForwardActionConfig action, HttpRequestMessage? request = null, CancellationToken token = default)
    {
        var match = new RouteMatchConfig(new PathMatchConfig(PathMatchKind.Prefix, "/"), [], [], null);
        var route = RouteModel.Compile(new RouteEntryConfig(Name, match, action) { Origin = Origin }, _ => Cluster, http: Http, sessions: Sessions);
        return MeshCall.SendAsync(request ?? Request(), route, _passThrough, new CallContext(Time, new ZeroRandom()), token);
    }

    public int Active(string address) => Cluster.Model.Known.Single(e => e.Key.Address == address).Active;

    /// <summary>For what happens after a call on a thread of its own.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(30), "waited 30 s in vain");
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }

    /// <summary>No answer until the attempt is given up.</summary>
    public void Hang(string address) => Upstream.Answer(address, async (_, token) =>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        throw new InvalidOperationException();
    });

    public void Dispose()
    {
        Cluster.Dispose();
        _passThrough.Dispose();
    }
}
