namespace ProxylessMesh.Xds.Config;

/// <summary>One route: when it matches, and what then happens.</summary>
internal sealed record RouteEntryConfig(string Name, RouteMatchConfig Match, RouteActionConfig Action)
{
    /// <summary>Of the route, its virtual host and its configuration, in the order in which they are made.</summary>
    public HeaderMutationsConfig Headers { get; init; } = HeaderMutationsConfig.None;

    /// <summary>The most general changes come first, so that the most specific ones win.</summary>
    public bool ClusterHeadersLast { get; init; }

    /// <summary>The object that the route was made from, as in <c>VirtualService default/reviews</c>; null: unknown.</summary>
    public string? Origin { get; init; }

    /// <summary>The CORS policy in the older form, the route's own or its virtual host's; counts where no override of the filter does.</summary>
    public CorsConfig? Cors { get; init; }

    /// <summary>What the route's requests ask of filters, by instance name; beats the virtual host's.</summary>
    public EquatableArray<HttpFilterConfig> FilterOverrides { get; init; } = [];
}
