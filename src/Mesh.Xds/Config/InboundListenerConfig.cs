namespace ProxylessMesh.Xds.Config;

/// <summary>A listening socket and its filter chains; a connection uses the chain that matches it best, or the default, or is closed.</summary>
internal sealed record InboundListenerConfig(
    string Name,
    string Address,
    int Port,
    EquatableArray<FilterChainConfig> FilterChains,
    FilterChainConfig? DefaultFilterChain) : ListenerConfig(Name);
