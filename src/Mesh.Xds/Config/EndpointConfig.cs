namespace ProxylessMesh.Xds.Config;

/// <summary>One address that serves a cluster.</summary>
/// <param name="Address">IP address, or a name in a DNS cluster.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Weight">1 or more.</param>
/// <param name="Health">Only healthy ones are picked.</param>
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

    /// <summary>What places it for consistent hashing: the <c>envoy.lb</c> metadata's hash_key; null: its address.</summary>
    public string? HashKey { get; init; }
}
