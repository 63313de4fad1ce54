using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Agent;

/// <summary>Which workload an agent speaks for.</summary>
internal sealed record AgentWorkload
{
    /// <summary>WORKLOAD_NAME.</summary>
    public string Name { get; init; } = "app";

    /// <summary>The namespace that the token or certificate is for.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>The service account that the token or certificate is for.</summary>
    public string ServiceAccount { get; init; } = "default";

    /// <summary>The IP address under which others call the app; health checks go there too.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>What Services select by.</summary>
    public EquatableMap Labels { get; init; } = EquatableMap.Empty;

    /// <summary>Name to number; none = the app only calls.</summary>
    public EquatableArray<KeyValuePair<string, int>> Ports { get; init; } = [];

    /// <summary>Region, zone and sub-zone.</summary>
    public LocalityId Locality { get; init; } = new("", "", "");

    /// <summary>Whether the app itself terminates mesh TLS on those ports (<c>xds_server_credentials</c>, or the certificate files).</summary>
    public bool MutualTls { get; init; }
}
