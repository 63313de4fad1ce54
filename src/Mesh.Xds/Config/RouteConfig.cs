namespace ProxylessMesh.Xds.Config;

/// <summary>An RDS resource.</summary>
internal sealed record RouteConfig(string Name, EquatableArray<VirtualHostConfig> VirtualHosts)
{
    /// <summary>Hosts are looked up without the port that the request has (ignore_port_in_host_matching).</summary>
    public bool IgnorePort { get; init; }

    /// <summary>What all requests ask of filters, by instance name; every other level beats it.</summary>
    public EquatableArray<HttpFilterConfig> FilterOverrides { get; init; } = [];
}
