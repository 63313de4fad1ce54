using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Connections;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.Tests.BadInput;

/// <summary>A cluster whose endpoints are scripted sockets, called as the handler calls them. At its end nothing may be held.</summary>
internal sealed class ScriptedCluster : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ScriptedServer[] _servers;
    private readonly HttpMessageInvoker _passThrough = new(new SocketsHttpHandler());
    private readonly CallContext _context = new(TimeProvider.System, new SystemRandomSource());

    public ScriptedCluster(params Func<ScriptedConnection, int, Task>[] scripts)
    {
        _servers = [.. scripts.Select(s => new ScriptedServer(s))];
        Cluster = new ClusterState(Sample.ClusterName, new EndpointConnector(null, TimeProvider.System).CreateHandler, TimeProvider.System, new SystemRandomSource());
        Cluster.Apply(Sample.Snapshot(
            Sample.Cluster(outliers: Sample.Outliers(consecutive5xx: 1000)) with { ConnectTimeout = Patience },
            Sample.Endpoints([.. _servers.Select(s => new EndpointConfig("127.0.0.1", s.EndPoint.Port, 1, EndpointHealth.Healthy, EquatableMap.Empty))])));
    }

    public ClusterState Cluster { get; }

    public RetryPolicyConfig? Retry { get; init; }

    public TimeSpan? Timeout { get; init; } = Patience;

    public int Connections => _servers.Sum(s => s.Connections);

    /// <summary>Waits until the first server has closed one more connection.</summary>
    public Task ConnectionClosedAsync() => _servers[0].ConnectionClosedAsync();

    public static HttpRequestMessage Request(HttpMethod? method = null, Version? version = null, HttpContent? content = null) =>
        new(method ?? HttpMethod.Get, "http://reviews:9080/") { Version = version ?? new Version(1, 1), VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content };

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage? request = null, CancellationToken cancellationToken = default) =>
        MeshCall.SendAsync(request ?? Request(), Sample.Route(Cluster, Retry, Timeout), _passThrough, _context, cancellationToken).WaitAsync(Patience, CancellationToken.None);

    /// <summary>Sends, and tells status and flags as an access log does.</summary>
    public async Task<string> OutcomeAsync(HttpRequestMessage? request = null)
    {
        using var response = await SendAsync(request);
        var outcome = response.GetMeshOutcome()!;
        return $"{(int)response.StatusCode} {ResponseFlagsText.Format(outcome.Flags)} {outcome.Attempts}";
    }

    public void AssertNothingHeld()
    {
        var breaker = Cluster.Breaker;
        Assert.Equal((0, 0, 0, 0), (breaker.Requests, breaker.Pending, breaker.Retries, Cluster.Model.Known.Sum(e => e.Active)));
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            AssertNothingHeld();
        }
        finally
        {
            Cluster.Dispose();
            _passThrough.Dispose();
            foreach (var server in _servers)
            {
                await server.DisposeAsync();
            }
        }
    }
}
