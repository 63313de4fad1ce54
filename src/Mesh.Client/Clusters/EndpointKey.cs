using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Clusters;

/// <summary>What makes an endpoint the same one across updates: its address, and how it is spoken to (a changed TLS policy must not reuse connections).</summary>
internal readonly record struct EndpointKey(string Address, int Port, UpstreamTlsConfig? Tls)
{
    /// <summary>How its connections are made and kept.</summary>
    public ConnectionPoolConfig Pool { get; init; } = ConnectionPoolConfig.Default;

    /// <summary>The name that the address was looked up for; null: it was given.</summary>
    public string? Hostname { get; init; }

    /// <summary>Where else it listens.</summary>
    public EquatableArray<AddressConfig> Additional { get; init; } = [];

    /// <summary>The number of connections is limited: requests in HTTP/2 share one.</summary>
    public bool OneHttp2Connection { get; init; }

    /// <summary>A limit is set on connections or on what each carries, so that none may be opened without need.</summary>
    public bool CountsConnections => OneHttp2Connection || Pool.MaxConcurrentStreams is not null || Pool.MaxRequestsPerConnection is not null;
}
