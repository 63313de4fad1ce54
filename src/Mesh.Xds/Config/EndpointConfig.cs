namespace ProxylessMesh.Xds.Config;

/// <summary>One address that serves a cluster.</summary>
/// <param name="Address">IP address, or a name in a DNS cluster.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Weight">1 or more.</param>
/// <param name="Health">Healthy ones are picked; degraded ones only where those do not suffice.</param>
/// <param name="TransportMatch">The <c>envoy.transport_socket_match</c> metadata.</param>
internal sealed record EndpointConfig(
    string Address,
    int Port,
    uint Weight,
    EndpointHealth Health,
    EquatableMap TransportMatch)
{
    /// <summary><c>10.0.0.1:9080</c>, <c>[::1]:9080</c>.</summary>
    public string Authority { get; } = Address.Contains(':', StringComparison.Ordinal) ? $"[{Address}]:{Port}" : $"{Address}:{Port}";

    /// <summary>The name that was looked up to get this address; null: it was given.</summary>
    public string? Hostname { get; init; }

    /// <summary>Where else it listens; tried when the first address does not answer soon (Happy Eyeballs, gRFC A61).</summary>
    public EquatableArray<AddressConfig> Additional { get; init; } = [];

    /// <summary>What places it for consistent hashing: the <c>envoy.lb</c> metadata's hash_key; null: its address.</summary>
    public string? HashKey { get; init; }
}
