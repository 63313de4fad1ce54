namespace ProxylessMesh.Xds.Config;

/// <summary>An HttpConnectionManager: routes by reference or inline (exactly one of the two), and the filter chain, which ends in the router.</summary>
internal sealed record HttpConnectionConfig(
    string? RouteConfigName,
    RouteConfig? InlineRoutes,
    EquatableArray<HttpFilterConfig> Filters)
{
    /// <summary>Of routes that do not say; null: none.</summary>
    public TimeSpan? MaxStreamDuration { get; init; }

    /// <summary>Of routes that do not say; null: none.</summary>
    public TimeSpan? StreamIdleTimeout { get; init; }
}
