using Envoy.Config.Cluster.V3;
using Envoy.Extensions.Upstreams.Http.V3;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Tests.Translation;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Resources;

/// <summary>connectionPool and retryBudget from YAML to what the data plane reads.</summary>
public class ConnectionPoolTests
{
    private const string Name = "outbound|9080||reviews.default.svc.cluster.local";

    [Fact]
    public void Limits_reach_the_client()
    {
        var cluster = Decode("""
            connectionPool:
              tcp: {maxConnections: 1}
              http: {http1MaxPendingRequests: 2, http2MaxRequests: 3, maxRetries: 4}
            retryBudget: {percent: 12.5, minRetryConcurrency: 0}
            """);

        Assert.Equal(new CircuitBreakerConfig(1, 2, 3, 4, new RetryBudgetConfig(12.5, 0)), cluster.CircuitBreakers);
    }

    [Fact]
    public void Nothing_given_is_no_limit()
    {
        var cluster = Decode("connectionPool: {tcp: {maxConnections: 0}, http: {maxRequestsPerConnection: 0}}");

        Assert.Equal(new CircuitBreakerConfig(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue), cluster.CircuitBreakers);
        Assert.Equal(ConnectionPoolConfig.Default, cluster.ConnectionPool);
    }

    [Fact]
    public void A_budget_has_istios_defaults() =>
        Assert.Equal(new RetryBudgetConfig(20, 3), Decode("retryBudget: {}").CircuitBreakers.RetryBudget);

    [Fact]
    public void Settings_reach_the_client()
    {
        var pool = Decode("""
            connectionPool:
              tcp:
                tcpKeepalive: {probes: 3, time: 7200s, interval: 75s}
                maxConnectionDuration: 10m
                idleTimeout: 1h
              http:
                idleTimeout: 30s
                maxRequestsPerConnection: 1
                h2UpgradePolicy: UPGRADE
                http2KeepAlive: {interval: 10s, timeout: 2s}
            """).ConnectionPool;

        Assert.Equal(
            new ConnectionPoolConfig
            {
                TcpKeepalive = new TcpKeepaliveConfig(3, 7200, 75),
                IdleTimeout = TimeSpan.FromSeconds(30),
                MaxConnectionDuration = TimeSpan.FromMinutes(10),
                OneRequestPerConnection = true,
                UpgradeToHttp2 = true,
                Http2Keepalive = new Http2KeepaliveConfig(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2)),
            },
            pool);
    }

    [Fact]
    public void The_clients_protocol_beats_the_upgrade() =>
        Assert.False(Decode("connectionPool: {http: {h2UpgradePolicy: UPGRADE, useClientProtocol: true}}").ConnectionPool.UpgradeToHttp2);

    [Fact]
    public void Grpc_is_sent_what_it_reads()
    {
        var cluster = Build("connectionPool: {tcp: {maxConnections: 1}, http: {http2MaxRequests: 3, h2UpgradePolicy: UPGRADE}}", ProxyProfile.Grpc);

        Assert.Equal(new CircuitBreakers.Types.Thresholds { MaxRequests = 3 }, Assert.Single(cluster.CircuitBreakers.Thresholds));
        Assert.Empty(cluster.TypedExtensionProtocolOptions);
    }

    [Theory]
    [InlineData("connectionPool: {http: {http2KeepAlive: {interval: 1s}}}", "http2KeepAlive.timeout is missing")]
    [InlineData("connectionPool: {http: {h2UpgradePolicy: MAYBE}}", "h2UpgradePolicy \"MAYBE\" is not one of")]
    [InlineData("retryBudget: {percent: 101}", "percent 101 is out of range: between 0 and 100")]
    [InlineData("retryBudget: {percent: many}", "percent must be a number")]
    public void Broken_values_are_told(string policy, string expected) =>
        Assert.Contains(Reading.Problems(Document(policy)), p => p.Contains(expected, StringComparison.Ordinal));

    private static string Document(string policy) => $$"""
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: reviews}
        spec:
          host: reviews
          trafficPolicy:
            {{policy.ReplaceLineEndings("\n    ")}}
        """;

    private static Cluster Build(string policy, ProxyProfile profile = ProxyProfile.Mesh) => Translate.Cluster(
        Mesh.Of(Mesh.Service("reviews"), Reading.Good<DestinationRule>(Document(policy))), Mesh.Client(profile: profile), Name)!;

    private static ClusterConfig Decode(string policy)
    {
        var result = ResourceKinds.Cluster.Decode(Google.Protobuf.MessageExtensions.ToByteString(Build(policy)));
        Assert.Empty(result.Errors);
        return (ClusterConfig)result.Value!;
    }
}
