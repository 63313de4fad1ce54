namespace ProxylessMesh.Xds.Config;

/// <summary>How connections to a cluster's endpoints are made and kept. A change makes new connections.</summary>
internal sealed record ConnectionPoolConfig
{
    public static ConnectionPoolConfig Default { get; } = new();

    /// <summary>Null: the operating system's keepalive is off.</summary>
    public TcpKeepaliveConfig? TcpKeepalive { get; init; }

    /// <summary>Null: HttpClient's own (one minute); zero: never.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>Null: connections have no greatest age.</summary>
    public TimeSpan? MaxConnectionDuration { get; init; }

    /// <summary>max_requests_per_connection of 1: no keep-alive.</summary>
    public bool OneRequestPerConnection { get; init; }

    /// <summary>max_requests_per_connection, if it is 2 or more; null: no such limit.</summary>
    public int? MaxRequestsPerConnection { get; init; }

    /// <summary>The hop uses HTTP/2 although the caller asked for HTTP/1.1.</summary>
    public bool UpgradeToHttp2 { get; init; }

    /// <summary>Streams at a time on one HTTP/2 connection, if the server does not allow fewer; null: as many as it allows.</summary>
    public int? MaxConcurrentStreams { get; init; }

    /// <summary>Null: HTTP/2 connections are not pinged.</summary>
    public Http2KeepaliveConfig? Http2Keepalive { get; init; }
}
