namespace ProxylessMesh.Xds.Config;

/// <summary>One route: when it matches, and what then happens.</summary>
internal sealed record RouteEntryConfig(string Name, RouteMatchConfig Match, RouteActionConfig Action)
{
    /// <summary>What the route's requests ask of filters, by instance name; beats the virtual host's.</summary>
    public EquatableArray<HttpFilterConfig> FilterOverrides { get; init; } = [];
}
