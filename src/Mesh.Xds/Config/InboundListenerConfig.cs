namespace ProxylessMesh.Xds.Config;

/// <summary>A listening socket and its filter chains; a connection uses the chain that matches it best, or the default, or is closed.</summary>
internal sealed record InboundListenerConfig(
    string Name,
    string Address,
    int Port,
    EquatableArray<FilterChainConfig> FilterChains,
    FilterChainConfig? DefaultFilterChain) : ListenerConfig(Name)
{
    /// <summary>
    /// After this long a client that has sent nothing is taken for a plaintext one that waits for the server to speak first; null:
    /// its connection is closed instead.
    /// </summary>
    public TimeSpan? DetectionTimeout { get; init; }
}
