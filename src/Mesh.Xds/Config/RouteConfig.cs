namespace ProxylessMesh.Xds.Config;

/// <summary>An RDS resource.</summary>
internal sealed record RouteConfig(string Name, EquatableArray<VirtualHostConfig> VirtualHosts)
{
    /// <summary>What all requests ask of filters, by instance name; every other level beats it.</summary>
    public EquatableArray<HttpFilterConfig> FilterOverrides { get; init; } = [];
}
