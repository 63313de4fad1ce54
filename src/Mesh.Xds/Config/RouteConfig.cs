namespace ProxylessMesh.Xds.Config;

/// <summary>An RDS resource.</summary>
internal sealed record RouteConfig(string Name, EquatableArray<VirtualHostConfig> VirtualHosts);
