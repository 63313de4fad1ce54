using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Connections;
using ProxylessMesh.Client.Outcomes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.Tests.Connections;

/// <summary>Connection settings and breakers over a real server.</summary>
public sealed class ConnectionPoolTests : IAsyncLifetime, IDisposable
{
    private static readonly CircuitBreakerConfig NoLimits = new(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue);
    private readonly HttpMessageInvoker _passThrough = new(new SocketsHttpHandler());
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ClusterState _cluster = new(
        Sample.ClusterName, new EndpointConnector(null, TimeProvider.System).CreateHandler, TimeProvider.System, new SystemRandomSource());

    private readonly ConcurrentBag<string> _slow = [];
    private WebApplication? _server;
    private EndpointConfig? _endpoint;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o =>
        {
            o.Listen(IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http1);
            o.Listen(IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http2);
        });
        _server = builder.Build();
        _server.MapGet("/", (HttpContext c) => $"{c.Request.Protocol} {c.Connection.Id}");
        _server.MapGet("/slow", async (HttpContext c) =>
        {
            _slow.Add(c.Connection.Id);
            _arrived.Release();
            await _release.Task;
            return "done";
        });
        _server.MapGet("/stream", async (HttpContext c) =>
        {
            await c.Response.WriteAsync("be");
            await c.Response.Body.FlushAsync();
            await _release.Task;
            await c.Response.WriteAsync("gun");
        });
        await _server.StartAsync();
    }

    public async Task DisposeAsync() => await _server!.DisposeAsync();

    public void Dispose()
    {
        _cluster.Dispose();
        _passThrough.Dispose();
        _arrived.Dispose();
    }

    [Fact]
    public async Task ConnectionsAreKeptAliveByDefaultAndNotWhenOneRequestPerConnectionIsAsked()
    {
        Use(port: 0, new ConnectionPoolConfig());
        Assert.Equal(await Get(), await Get());

        Use(port: 0, new ConnectionPoolConfig { OneRequestPerConnection = true, TcpKeepalive = new TcpKeepaliveConfig(3, 60, 10), IdleTimeout = TimeSpan.Zero });
        Assert.NotEqual(await Get(), await Get());
    }

    [Theory]
    [InlineData(0, "1.1")]
    [InlineData(1, "2.0")]
    public async Task NoConnectionCarriesMoreRequestsThanAllowedAndTheirBodiesEndInPeace(int port, string version)
    {
        Use(port, new ConnectionPoolConfig { MaxRequestsPerConnection = 3 });
        var seen = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            seen.Add(await Read(await Versioned("/", version)));
        }

        using var begun = await Versioned("/stream", version);
        await Read(await Versioned("/", version));
        await Read(await Versioned("/", version));
        var after = await Read(await Versioned("/", version));
        _release.SetResult();

        Assert.Equal([3, 3], seen.GroupBy(s => s).Select(g => g.Count()));
        Assert.DoesNotContain(after, seen);
        Assert.Equal("begun", await begun.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task AChangeOfSettingsMakesNewConnections()
    {
        Use(port: 0, new ConnectionPoolConfig());
        var before = await Get();

        Use(port: 0, new ConnectionPoolConfig { MaxConnectionDuration = TimeSpan.FromHours(1) });

        Assert.NotEqual(before, await Get());
    }

    [Fact]
    public async Task AnUpgradedHopIsHttp2AndTheCallerSeesTheVersionAskedFor()
    {
        Use(port: 1, new ConnectionPoolConfig { UpgradeToHttp2 = true, Http2Keepalive = new Http2KeepaliveConfig(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(5)) });
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080/");

        using var response = await Send(request);

        Assert.StartsWith("HTTP/2", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpVersion.Version11, request.Version);
        Assert.Equal(HttpVersion.Version11, response.Version);
    }

    [Fact]
    public void AProtocolSwitchStaysInHttp11()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080/");
        request.Headers.TryAddWithoutValidation("Upgrade", "websocket");

        Assert.False(Http2Upgrade.Applies(request));
    }

    [Fact]
    public async Task OneConnectionAndOnePendingTakeTwoOfThreeCalls()
    {
        Use(port: 0, new ConnectionPoolConfig(), NoLimits with { MaxConnections = 1, MaxPendingRequests = 1 });
        var first = Get("/slow");
        Assert.True(await _arrived.WaitAsync(TimeSpan.FromSeconds(30)));
        var second = Get("/slow");

        using var turnedAway = await Send(new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080/"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, turnedAway.StatusCode);
        Assert.Equal(ResponseFlags.UpstreamOverflow, turnedAway.GetMeshOutcome()!.Flags);
        Assert.Equal((1, 1), (_cluster.Breaker.Requests, _cluster.Breaker.Pending));
        _release.SetResult();
        Assert.Equal("done", await first.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal("done", await second.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal((0, 0), (_cluster.Breaker.Requests, _cluster.Breaker.Pending));
    }

    [Fact]
    public async Task NoConnectionCarriesMoreStreamsAtATimeThanAllowed()
    {
        Use(port: 1, new ConnectionPoolConfig { MaxConcurrentStreams = 2 });

        await HoldAsync(5);

        Assert.Equal([1, 2, 2], _slow.GroupBy(c => c).Select(g => g.Count()).Order());
    }

    [Fact]
    public async Task ManyStreamsAtATimeAreSpreadOverAConnectionForEachProcessor()
    {
        Use(port: 1, new ConnectionPoolConfig());

        await HoldAsync(64);

        Assert.Equal(ConnectionLanes.Most, _slow.Distinct().Count());
    }

    [Fact]
    public async Task WhereConnectionsAreLimitedAllStreamsShareOne()
    {
        Use(port: 1, new ConnectionPoolConfig(), NoLimits with { MaxConnections = 10 });

        await HoldAsync(64);

        Assert.Single(_slow.Distinct());
    }

    /// <summary>So many calls in HTTP/2 at a time, all answered.</summary>
    private async Task HoldAsync(int count)
    {
        var calls = Enumerable.Range(0, count).Select(_ => Versioned("/slow", "2.0")).ToArray();
        for (var i = 0; i < calls.Length; i++)
        {
            Assert.True(await _arrived.WaitAsync(TimeSpan.FromSeconds(30)));
        }

        _release.SetResult();
        foreach (var call in calls)
        {
            using var response = await call.WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal("done", await response.Content.ReadAsStringAsync());
        }
    }

    private void Use(int port, ConnectionPoolConfig pool, CircuitBreakerConfig? limits = null)
    {
        var address = new Uri(_server!.Urls.ElementAt(port));
        _endpoint ??= new EndpointConfig("127.0.0.1", address.Port, 1, EndpointHealth.Healthy, EquatableMap.Empty);
        _cluster.Apply(Sample.Snapshot(
            Sample.Cluster() with { ConnectionPool = pool, CircuitBreakers = limits ?? NoLimits, ConnectTimeout = TimeSpan.FromSeconds(30) },
            Sample.Endpoints(_endpoint)));
    }

    private static async Task<string> Read(HttpResponseMessage response)
    {
        using (response)
        {
            return await response.Content.ReadAsStringAsync();
        }
    }

    private Task<HttpResponseMessage> Versioned(string path, string version) => Send(new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080" + path)
    {
        Version = new Version(version),
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    });

    private async Task<string> Get(string path = "/")
    {
        using var response = await Send(new HttpRequestMessage(HttpMethod.Get, "http://reviews:9080" + path));
        return await response.Content.ReadAsStringAsync();
    }

    private Task<HttpResponseMessage> Send(HttpRequestMessage request) => MeshCall.SendAsync(
        request, Sample.Route(_cluster), _passThrough, new CallContext(TimeProvider.System, new SystemRandomSource()), default);
}
