namespace ProxylessMesh.Xds.Config;

/// <summary>Endpoints in one place at one priority (0 is the highest).</summary>
internal sealed record LocalityConfig(
    LocalityId Id,
    uint Weight,
    int Priority,
    EquatableArray<EndpointConfig> Endpoints);
