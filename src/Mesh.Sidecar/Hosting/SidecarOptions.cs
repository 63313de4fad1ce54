namespace ProxylessMesh.Sidecar;

/// <summary>What the sidecar does for the app beside it: section <c>Sidecar</c> of the configuration. Validated at start.</summary>
public sealed class SidecarOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string SectionName = "Sidecar";

    /// <summary>The ports at which the mesh reaches the app. Default: none.</summary>
    public IList<InboundOptions> Inbound { get; } = [];

    /// <summary>The proxy through which the app reaches the mesh. Default: none.</summary>
    public OutboundOptions Outbound { get; } = new();

    /// <summary>
    /// How long a connection of an inbound Tcp port may be silent until it is taken for plaintext, where the policy accepts both
    /// (PERMISSIVE), in 10 ms to 10 s. Callers of server-first protocols wait as long. Default: 1 s.
    /// </summary>
    public TimeSpan ProtocolDetectionTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long nothing may travel on a Tcp connection until it is closed, in 1 s to 7 days. Default: 1 h, as Envoy's TCP proxy.</summary>
    public TimeSpan TcpIdleTimeout { get; set; } = TimeSpan.FromHours(1);
}
