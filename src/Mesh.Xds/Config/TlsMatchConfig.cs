namespace ProxylessMesh.Xds.Config;

/// <summary>Endpoints whose <c>envoy.transport_socket_match</c> metadata holds all of <paramref name="Match"/> use <paramref name="Tls"/> (null = plaintext).</summary>
internal sealed record TlsMatchConfig(string Name, EquatableMap Match, UpstreamTlsConfig? Tls);
