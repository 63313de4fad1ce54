namespace ProxylessMesh.Xds.Config;

/// <summary>One route: when it matches, and what then happens.</summary>
internal sealed record RouteEntryConfig(string Name, RouteMatchConfig Match, RouteActionConfig Action);
