namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>trafficPolicy.connectionPool. Limits that are not given are none.</summary>
/// <param name="ConnectTimeout">The mesh default is 10 s.</param>
/// <param name="Position">Of the block.</param>
internal sealed record ConnectionPool(TimeSpan? ConnectTimeout, SourcePosition Position)
{
    public int? MaxConnections { get; init; }

    public TcpKeepalive? Keepalive { get; init; }

    public TimeSpan? MaxConnectionDuration { get; init; }

    /// <summary>http.idleTimeout, else tcp.idleTimeout.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    public int? MaxPendingRequests { get; init; }

    public int? MaxRequests { get; init; }

    public int? MaxRetries { get; init; }

    /// <summary>1: no keep-alive.</summary>
    public int? MaxRequestsPerConnection { get; init; }

    /// <summary>Of one connection in HTTP/2.</summary>
    public int? MaxConcurrentStreams { get; init; }

    /// <summary>h2UpgradePolicy UPGRADE.</summary>
    public bool UpgradeToHttp2 { get; init; }

    /// <summary>useClientProtocol: the caller's version, whatever the upgrade policy says.</summary>
    public bool UseClientProtocol { get; init; }

    public Http2Keepalive? Http2Keepalive { get; init; }
}
