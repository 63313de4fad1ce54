namespace ProxylessMesh.Xds.Config;

/// <summary>The stateful session filter, in a chain or as the override of one; null = it is switched off here.</summary>
internal sealed record SessionFilterConfig(string Name, SessionConfig? Session) : HttpFilterConfig(Name);
