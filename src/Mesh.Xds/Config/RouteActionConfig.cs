namespace ProxylessMesh.Xds.Config;

/// <summary>What a route does with a request.</summary>
internal abstract record RouteActionConfig;
