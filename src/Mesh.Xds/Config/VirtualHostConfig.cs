namespace ProxylessMesh.Xds.Config;

/// <summary>The routes of some domains. Domains are lower case; order of routes decides.</summary>
internal sealed record VirtualHostConfig(
    string Name,
    EquatableArray<string> Domains,
    EquatableArray<RouteEntryConfig> Routes)
{
    /// <summary>What the host's requests ask of filters, by instance name.</summary>
    public EquatableArray<HttpFilterConfig> FilterOverrides { get; init; } = [];
}
