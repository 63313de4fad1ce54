using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>trafficPolicy.connectionPool.</summary>
internal static class ConnectionPoolReader
{
    private static readonly EnumNames<bool> UpgradePolicies = new(("DEFAULT", false), ("DO_NOT_UPGRADE", false), ("UPGRADE", true));

    public static ConnectionPool Read(YamlObject item)
    {
        var pool = new ConnectionPool(null, item.Position);
        if (item.Object("tcp") is { } tcp)
        {
            pool = ReadTcp(pool, tcp);
        }

        if (item.Object("http") is { } http)
        {
            pool = ReadHttp(pool, http);
        }

        item.Close(KnownFields.None);
        return pool;
    }

    private static ConnectionPool ReadTcp(ConnectionPool pool, YamlObject tcp)
    {
        pool = pool with
        {
            ConnectTimeout = tcp.Duration("connectTimeout"),
            MaxConnections = Limit(tcp, "maxConnections"),
            Keepalive = tcp.Object("tcpKeepalive") is { } keepalive ? ReadKeepalive(keepalive) : null,
            MaxConnectionDuration = tcp.Duration("maxConnectionDuration"),
            IdleTimeout = tcp.Duration("idleTimeout", orZero: true),
        };
        tcp.Close(KnownFields.None);
        return pool;
    }

    private static ConnectionPool ReadHttp(ConnectionPool pool, YamlObject http)
    {
        pool = pool with
        {
            MaxPendingRequests = Limit(http, "http1MaxPendingRequests"),
            MaxRequests = Limit(http, "http2MaxRequests"),
            MaxRetries = Limit(http, "maxRetries"),
            MaxRequestsPerConnection = Limit(http, "maxRequestsPerConnection"),
            MaxConcurrentStreams = Limit(http, "maxConcurrentStreams"),
            IdleTimeout = http.Duration("idleTimeout") ?? pool.IdleTimeout,
            UpgradeToHttp2 = http.Enum("h2UpgradePolicy", UpgradePolicies, false),
            UseClientProtocol = http.Bool("useClientProtocol") ?? false,
            Http2Keepalive = http.Object("http2KeepAlive") is { } keepalive ? ReadHttp2Keepalive(keepalive) : null,
        };
        http.Close(KnownFields.None);
        return pool;
    }

    /// <summary>Plain int32 fields in Istio's message: 0 is the same as not given.</summary>
    private static int? Limit(YamlObject owner, string name) => owner.Int(name, min: 0) is > 0 and var limit ? limit : null;

    private static TcpKeepalive ReadKeepalive(YamlObject item)
    {
        var keepalive = new TcpKeepalive(
            item.Int("probes", 0, short.MaxValue) is > 0 and var probes ? probes : null, item.Duration("time"), item.Duration("interval"));
        item.Close(KnownFields.None);
        return keepalive;
    }

    private static Http2Keepalive? ReadHttp2Keepalive(YamlObject item)
    {
        item.ReportIfMissing("interval");
        item.ReportIfMissing("timeout");
        var (interval, timeout) = (item.Duration("interval"), item.Duration("timeout"));
        item.Close(KnownFields.None);
        return interval is null || timeout is null ? null : new Http2Keepalive(interval.Value, timeout.Value);
    }
}
