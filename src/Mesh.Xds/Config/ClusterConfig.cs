namespace ProxylessMesh.Xds.Config;

/// <summary>A CDS resource.</summary>
/// <param name="Name">Istio's form is <c>outbound|9080|v1|reviews.default.svc.cluster.local</c>.</param>
/// <param name="Discovery">Where its endpoints come from.</param>
/// <param name="EdsServiceName">Name to ask EDS for; the cluster's own when the resource does not say.</param>
/// <param name="InlineEndpoints">For every kind but EDS and pass-through.</param>
/// <param name="LoadBalancing">How an endpoint is picked.</param>
/// <param name="ConnectTimeout">Of one TCP connect with its TLS handshake; 5 s when unset, as in Envoy.</param>
/// <param name="OutlierDetection">Null: off.</param>
/// <param name="Tls">For endpoints that no entry of <paramref name="TlsMatches"/> claims; null = plaintext.</param>
/// <param name="TlsMatches">First match by endpoint metadata wins (transport_socket_matches): Istio's auto mTLS.</param>
internal sealed record ClusterConfig(
    string Name,
    ClusterDiscovery Discovery,
    string EdsServiceName,
    EndpointsConfig? InlineEndpoints,
    LoadBalancingConfig LoadBalancing,
    TimeSpan ConnectTimeout,
    OutlierDetectionConfig? OutlierDetection,
    UpstreamTlsConfig? Tls,
    EquatableArray<TlsMatchConfig> TlsMatches)
{
    /// <summary>What the cluster takes on at once.</summary>
    public CircuitBreakerConfig CircuitBreakers { get; init; } = CircuitBreakerConfig.Default;

    /// <summary>Of clusters whose endpoints are names.</summary>
    public DnsConfig Dns { get; init; } = DnsConfig.Default;

    /// <summary>Null: nobody is told of the load that this process makes.</summary>
    public LoadStatsConfig? LoadStats { get; init; }

    /// <summary>Of an aggregate: the clusters that it is made of, the first to be used first.</summary>
    public EquatableArray<string> Children { get; init; } = [];

    /// <summary>How its connections are made and kept.</summary>
    public ConnectionPoolConfig ConnectionPool { get; init; } = ConnectionPoolConfig.Default;
}
