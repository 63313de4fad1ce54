namespace ProxylessMesh.Xds.Config;

/// <summary>The terminal filter: forwards along the route.</summary>
internal sealed record RouterFilterConfig(string Name) : HttpFilterConfig(Name);
