namespace ProxylessMesh.Xds.Config;

/// <summary>An HttpConnectionManager: routes by reference or inline (exactly one of the two), and the filter chain, which ends in the router.</summary>
internal sealed record HttpConnectionConfig(
    string? RouteConfigName,
    RouteConfig? InlineRoutes,
    EquatableArray<HttpFilterConfig> Filters)
{
    /// <summary>For inbound requests.</summary>
    public PathNormalizationConfig PathNormalization { get; init; }

    /// <summary>For inbound requests.</summary>
    public HostPortStripping HostPort { get; init; }

    /// <summary>strip_trailing_host_dot: <c>reviews.</c> is <c>reviews</c>. For inbound requests.</summary>
    public bool StripHostDot { get; init; }

    /// <summary>Of routes that do not say; null: none.</summary>
    public TimeSpan? MaxStreamDuration { get; init; }

    /// <summary>Of routes that do not say; null: none.</summary>
    public TimeSpan? StreamIdleTimeout { get; init; }
}
