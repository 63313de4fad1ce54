namespace ProxylessMesh.Xds.Config;

/// <summary>An HttpConnectionManager: routes by reference or inline (exactly one of the two), and the filters before the router.</summary>
internal sealed record HttpConnectionConfig(
    string? RouteConfigName,
    RouteConfig? InlineRoutes,
    EquatableArray<HttpFilterConfig> Filters);
