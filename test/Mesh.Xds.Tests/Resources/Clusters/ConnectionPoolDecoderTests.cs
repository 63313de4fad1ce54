using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Type.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using static ProxylessMesh.Xds.Tests.Resources.Decoding;
using HttpOptions = Envoy.Extensions.Upstreams.Http.V3.HttpProtocolOptions;

namespace ProxylessMesh.Xds.Tests.Resources.Clusters;

/// <summary>Circuit breakers and connection settings of a cluster.</summary>
public sealed class ConnectionPoolDecoderTests
{
    private const string Key = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    private static readonly Dictionary<string, (Action<Cluster> Break, string Error)> Broken = new()
    {
        ["budget"] = (
            c => c.CircuitBreakers.Thresholds[0].RetryBudget = new() { BudgetPercent = new Percent { Value = double.NaN } },
            "circuit_breakers.thresholds[0].retry_budget.budget_percent: must be 0 to 100"),
        ["pools"] = (c => c.CircuitBreakers.Thresholds[0].MaxConnectionPools = 1, "circuit_breakers.thresholds[0].max_connection_pools: is not supported"),
        ["keepalive 0"] = (
            c => c.UpstreamConnectionOptions = new() { TcpKeepalive = new TcpKeepalive { KeepaliveTime = 0 } },
            "upstream_connection_options.tcp_keepalive.keepalive_time: must be 1 to 32767"),
        ["keepalive too long"] = (
            c => c.UpstreamConnectionOptions = new() { TcpKeepalive = new TcpKeepalive { KeepaliveProbes = uint.MaxValue } },
            "upstream_connection_options.tcp_keepalive.keepalive_probes: must be 1 to 32767"),
        ["streams"] = (
            c => c.Http2ProtocolOptions = new() { MaxConcurrentStreams = 0 }, "http2_protocol_options.max_concurrent_streams: must be 1 to 2147483647"),
        ["pings without timeout"] = (
            c => c.Http2ProtocolOptions = new() { ConnectionKeepalive = new KeepaliveSettings { Interval = Seconds(1) } },
            "http2_protocol_options.connection_keepalive.timeout: is missing"),
        ["other options"] = (
            c => c.TypedExtensionProtocolOptions[Key] = Packed(new HttpOptions { RetryPolicy = new() }),
            "typed_extension_protocol_options.retry_policy: is not supported"),
    };

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void Refuses(string name)
    {
        var cluster = IstioShapes.EdsCluster();
        Broken[name].Break(cluster);

        AssertError(ResourceKinds.Cluster, cluster, Broken[name].Error);
    }

    [Fact]
    public void Limits_of_the_default_priority_count()
    {
        var cluster = IstioShapes.EdsCluster();
        cluster.CircuitBreakers.Thresholds.Clear();
        cluster.CircuitBreakers.Thresholds.Add(new CircuitBreakers.Types.Thresholds { Priority = RoutingPriority.High, MaxRequests = 1 });
        cluster.CircuitBreakers.Thresholds.Add(new CircuitBreakers.Types.Thresholds
        {
            MaxConnections = 1, MaxPendingRequests = 2, MaxRequests = uint.MaxValue, RetryBudget = new(),
        });

        Assert.Equal(
            new CircuitBreakerConfig(1, 2, int.MaxValue, 3, new RetryBudgetConfig(20, 3)), Decode(ResourceKinds.Cluster, cluster).CircuitBreakers);
    }

    [Fact]
    public void Unset_is_envoys_default()
    {
        var cluster = IstioShapes.EdsCluster();
        cluster.CircuitBreakers = null;

        Assert.Equal(new CircuitBreakerConfig(1024, 1024, 1024, 3), Decode(ResourceKinds.Cluster, cluster).CircuitBreakers);
        Assert.Equal(ConnectionPoolConfig.Default, Decode(ResourceKinds.Cluster, cluster).ConnectionPool);
    }

    [Fact]
    public void Reads_the_typed_options()
    {
        var cluster = IstioShapes.EdsCluster();
        cluster.UpstreamConnectionOptions = new() { TcpKeepalive = new TcpKeepalive { KeepaliveProbes = 3 } };
        cluster.TypedExtensionProtocolOptions[Key] = Packed(new HttpOptions
        {
            CommonHttpProtocolOptions = new() { IdleTimeout = Seconds(5), MaxConnectionDuration = Seconds(60), MaxRequestsPerConnection = 1 },
            ExplicitHttpConfig = new()
            {
                Http2ProtocolOptions = new() { MaxConcurrentStreams = 1 << 30, ConnectionKeepalive = new() { Interval = Seconds(2), Timeout = Seconds(1) } },
            },
        });

        Assert.Equal(
            new ConnectionPoolConfig
            {
                TcpKeepalive = new TcpKeepaliveConfig(3, null, null),
                IdleTimeout = TimeSpan.FromSeconds(5),
                MaxConnectionDuration = TimeSpan.FromSeconds(60),
                OneRequestPerConnection = true,
                UpgradeToHttp2 = true,
                Http2Keepalive = new Http2KeepaliveConfig(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1)),
            },
            Decode(ResourceKinds.Cluster, cluster).ConnectionPool);
    }

    [Theory]
    [InlineData(1u, 1)]
    [InlineData(100u, 100)]
    [InlineData(1u << 30, null)]
    [InlineData((uint)int.MaxValue, null)]
    public void Streams_per_connection(uint limit, int? expected)
    {
        var cluster = IstioShapes.EdsCluster();
        cluster.Http2ProtocolOptions = new() { MaxConcurrentStreams = limit };

        Assert.Equal(expected, Decode(ResourceKinds.Cluster, cluster).ConnectionPool.MaxConcurrentStreams);
    }

    [Theory]
    [InlineData(0u, false, null)]
    [InlineData(1u, true, null)]
    [InlineData(2u, false, 2)]
    [InlineData(uint.MaxValue, false, null)]
    public void Requests_per_connection(uint limit, bool one, int? several)
    {
        var cluster = IstioShapes.EdsCluster();
        cluster.MaxRequestsPerConnection = limit;

        var pool = Decode(ResourceKinds.Cluster, cluster).ConnectionPool;

        Assert.Equal((one, several), (pool.OneRequestPerConnection, pool.MaxRequestsPerConnection));
    }

    [Fact]
    public void The_callers_protocol_is_no_upgrade()
    {
        var cluster = IstioShapes.EdsCluster();
        cluster.TypedExtensionProtocolOptions[Key] = Packed(new HttpOptions { UseDownstreamProtocolConfig = new() { Http2ProtocolOptions = new() } });

        Assert.False(Decode(ResourceKinds.Cluster, cluster).ConnectionPool.UpgradeToHttp2);
    }
}
