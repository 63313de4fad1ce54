namespace ProxylessMesh.Xds.Config;

/// <summary>The fault filter, in a chain or as the override of one; null = it is switched off here.</summary>
internal sealed record FaultFilterConfig(string Name, FaultConfig? Fault) : HttpFilterConfig(Name);
