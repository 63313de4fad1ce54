namespace ProxylessMesh.Sidecar;

/// <summary>What makes the process a gateway at the edge of the mesh: section <c>Sidecar:Gateway</c> of the configuration. Validated at start.</summary>
public sealed class GatewayOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string SectionName = "Sidecar:Gateway";

    /// <summary>
    /// Where it listens, as <c>0.0.0.0:8080</c>; port 0 takes any free one. What for, Gateway objects say: a server's port is that of
    /// the Service that selects the gateway, or, without one, the port itself. Default: none, and the process is no gateway.
    /// </summary>
    public IList<string> Listen { get; } = [];

    /// <summary>
    /// A directory with a folder for each <c>credentialName</c> of Gateways, holding <c>tls.crt</c>, <c>tls.key</c> and, for callers'
    /// certificates, <c>ca.crt</c>, all in PEM, as a mounted Secret does. Read again when they change. Default: none.
    /// </summary>
    public string? CredentialDirectory { get; set; }
}
