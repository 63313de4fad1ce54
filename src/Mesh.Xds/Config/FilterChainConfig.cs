namespace ProxylessMesh.Xds.Config;

/// <summary>What happens to the connections of one kind.</summary>
/// <param name="Name">For logs.</param>
/// <param name="Transport">Which connections: TLS, plaintext, or both.</param>
/// <param name="Tls">Null: the chain speaks plaintext.</param>
/// <param name="Http">Routes and filters of the requests on it; null: its connections carry none, and <see cref="Tcp"/> is set.</param>
internal sealed record FilterChainConfig(
    string Name,
    TransportMatch Transport,
    DownstreamTlsConfig? Tls,
    HttpConnectionConfig? Http)
{
    /// <summary>Of TLS connections: names that clients ask for (SNI), in lower case, also <c>*.suffix</c>; none: whatever they ask for.</summary>
    public EquatableArray<string> ServerNames { get; init; } = [];

    /// <summary>Of connections that are passed on as they are; null: they carry requests.</summary>
    public TcpProxyConfig? Tcp { get; init; }
}
